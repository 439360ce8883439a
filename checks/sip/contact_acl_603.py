"""The list for Contact addresses refuses the very phones that the configuration expects.

Why it matters: after a correct password channels/chan_sip.c:parse_register_contact holds the address it is about to
store against `contactpermit`, `contactdeny` and `contactacl` of [general] and of the section. It is the address the
REGISTER came from where `nat` forces rport or the phone asks for it, else the host in Contact. If refused, the phone is
told 603, not 403.

Told where every `localnet`, or every network that the account's own list permits, is refused.

Client sees: REGISTER -> 401 -> 603

Log:
    Domain '...' disallowed by contact ACL (violating IP ...)
    Registration denied because of contact ACL

RFC: 3261 section 10.3: a registrar must not answer with 6xx at all; 403 would be the word (step 4).

Verdict: spurious. The configuration itself expects these phones.

Does not help: typing the password again: it was right; `permit`: that is another list.

Fix: permit those networks for Contact addresses, too. The edit writes them below the list.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, evaluate, read_rules
from cfglint.model.editing import add_option
from cfglint.model.nat import FORCE_RPORT
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option

EXAMPLES = [
    Example(
        bad="[general]\nlocalnet=10.0.0.0/8\n«contactdeny=0.0.0.0/0»\ncontactpermit=192.168.0.0/16\n"
        "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good="[general]\nlocalnet=10.0.0.0/8\ncontactdeny=0.0.0.0/0\ncontactpermit=10.1.0.0/16\n"
        "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed="[general]\nlocalnet=10.0.0.0/8\ncontactdeny=0.0.0.0/0\ncontactpermit=192.168.0.0/16\n"
        "contactpermit=10.0.0.0/8\n[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\nnat=force_rport\ndeny=0.0.0.0/0\npermit=10.1.0.0/16\n"
        "«contactdeny=0.0.0.0/0»\ncontactpermit=10.2.0.0/16\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\nnat=force_rport\ndeny=0.0.0.0/0\npermit=10.1.0.0/16\n"
        "contactdeny=0.0.0.0/0\ncontactpermit=10.1.2.0/24\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\nnat=force_rport\ndeny=0.0.0.0/0\n"
        "permit=10.1.0.0/16\ncontactdeny=0.0.0.0/0\ncontactpermit=10.2.0.0/16\ncontactpermit=10.1.0.0/16\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if all(acl.purpose != "contact" for acl in sip.tree.access_lists):
        return
    lists = {(id(acl.owner), acl.purpose): acl for acl in sip.tree.access_lists if acl.kind in ("peer", "section")}
    local = [rule for option in sip.general_options("localnet") for rule in _networks(option)]
    general = lists.get((id(None), "contact"))
    if general is not None and local and sip.phones:
        yield from _refused(general, local, "every localnet", None)
    for (_, purpose), acl in lists.items():
        if purpose != "contact" or not isinstance(acl.owner, Peer) or not acl.owner.dynamic:
            continue
        source = lists.get((id(acl.owner), "source"))
        expected = [rule for rule in source.rules if rule.allow] if source is not None else []
        # Without rport the Contact counts, which may be a private address that is not in the list.
        level = None if FORCE_RPORT in sip.nat(acl.owner) else "info"
        if expected:
            yield from _refused(acl, expected, f"every network that {acl.shown} permits", level)
        elif local:
            yield from _refused(acl, local, "every localnet", level)


def _networks(option: Option) -> list[Rule]:
    return read_rules(option, True)[0]


def _refused(acl: AccessList, expected: list[Rule], whom: str, level: str | None) -> Iterator[Defect]:
    """A defect when none of the expected networks has an address that passes."""
    permits = [rule for rule in acl.rules if rule.allow]
    if acl.references or not permits:
        return  # a list that permits nothing is another check's
    for network in expected:
        if any(permit.covers(network) or network.covers(permit) for permit in permits):
            return
        if evaluate(acl.rules, network.family, network.network)[0]:
            return
    deny = next((rule for rule in acl.rules if not rule.allow and rule.covers(expected[0])), None)
    if deny is not None:
        message = f"the list for Contact addresses refuses {whom}: REGISTER gets 603"
        notes = (Note(expected[0].place, "phones are expected from here"),)
        subject = (acl, [network.text for network in expected])
        yield Defect(deny.option.place, message, notes, subject=subject, level=level, answers=(401, 603))


def fix(subject: tuple[AccessList, list[str]]) -> Fix | None:
    acl, networks = subject
    if isinstance(acl.owner, Peer) and len(acl.owner.sections) > 1:
        return None
    settings = [("contactpermit", network) for network in dict.fromkeys(networks)]
    return Fix(f"let {acl.shown} permit those Contact addresses, too", (add_option(acl.section, *settings),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
