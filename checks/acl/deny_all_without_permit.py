"""An address list refuses every address.

Why it matters: an address list starts at "allow" and the last entry that applies decides (main/acl.c:ast_apply_ha). A
`deny=0.0.0.0/0` below which no permit stands therefore refuses everybody.

A named ACL that nobody refers to is left alone. An account that only calls out is reported as an info: there it locks
the door on purpose.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; with alwaysauthreject=no: REGISTER -> 404; an endpoint of
chan_pjsip: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: depends. Deserved, if the account is only called out through; of a phone it is spurious.

Does not help: typing the password again, another codec or transport, NAT settings: nobody gets in.

Fix: write a permit below the deny. Which addresses, only you know: the edit takes the networks that are called local,
else those that other accounts permit, else all private ones, and never lets anybody else in. Narrow it to your own.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, admits_nobody, cancelled, format_address, full_mask
from cfglint.model.asterisk import Tree
from cfglint.model.editing import add_below
from cfglint.namedtuples import NamedTuple

from ._below import add_behind
from ._networks import Networks, expected
from ._owners import by_entry, inherited, is_inbound, shown

EXAMPLES = [
    Example(
        bad="[general]\nlocalnet=10.1.0.0/16\n[1001]\ntype=friend\nhost=dynamic\nDeny=«0.0.0.0/0.0.0.0»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=192.168.1.0/24\n",
        fixed="[general]\nlocalnet=10.1.0.0/16\n[1001]\ntype=friend\nhost=dynamic\nDeny=0.0.0.0/0.0.0.0\n"
        "permit=10.1.0.0/255.255.0.0\n",
    ),
    Example(
        bad={"pjsip.conf": "[office]\ntype=acl\ndeny=«0.0.0.0/0»\n"},
        good={"pjsip.conf": "[office](!)\ntype=acl\ndeny=0.0.0.0/0\n\n[lan](office)\npermit=10.0.0.0/8\n"},
        fixed={
            "pjsip.conf": "[office]\ntype=acl\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\npermit=172.16.0.0/12\n"
            "permit=192.168.0.0/16\n"
        },
    ),
    Example(
        bad="[lock](!)\ndeny=«0.0.0.0/0»\n[1001](lock)\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n"
        "[1002](lock)\ntype=friend\nhost=dynamic\n",
        good="[lock](!)\ndeny=0.0.0.0/0\n[1001](lock)\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n",
        fixed="[lock](!)\ndeny=0.0.0.0/0\n[1001](lock)\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n"
        "[1002](lock)\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n",
    ),
    Example(
        bad={
            "acl.conf": "[office]\ndeny=0.0.0.0/1\ndeny=«128.0.0.0/1»\n",
            "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=office\n",
        },
        good={
            "acl.conf": "[nobody]\ndeny=0.0.0.0/0\n[office]\ndeny=0.0.0.0/1\n",
            "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=office\n",
        },
    ),
]


class _Shut(NamedTuple):
    """A deny, those whom it shuts out by mistake, and the networks to let in."""

    tree: Tree
    deny: Rule
    lists: list[AccessList]
    networks: Networks


def find(tree: Tree) -> Iterator[Defect]:
    networks: Networks | None = None
    for deny, lists in by_entry(_shut(tree)):
        inbound = [acl for acl in lists if is_inbound(tree, acl)]
        open_family = 6 in tree.families(lists[0]) and not admits_nobody(lists[0].rules, 6)
        networks = networks or expected(tree)
        everybody = "every IPv4 address" if open_family else "every address"
        yield Defect(
            deny.place,
            f"{shown(inbound or lists)} lets nobody in: '{deny.text}' refuses {everybody}, and no permit follows",
            inherited(deny, lists),
            subject=_Shut(tree, deny, inbound, networks) if deny.family == 4 and inbound else None,
            level=("warning" if open_family else "error") if inbound else "info",
            answers=tree.refusal(tree.users(lists[0])[0]),
        )


def _shut(tree: Tree) -> Iterator[tuple[Rule, AccessList]]:
    """The denies that close a list, with the list."""
    for group in tree.alike:
        rules = group[0].rules
        refused = {family for family in (4, 6) if admits_nobody(rules, family)}
        if not refused or cancelled(rules):
            continue
        deny = next(rule for rule in reversed(rules) if rule.family in refused and not rule.allow)
        # Who only mentions IPv4 forgot the permit; a rule about IPv6 shows that IPv4 is refused on purpose.
        only_ipv4 = refused == {4} and all(rule.family == 4 for rule in rules)
        for acl in group:
            families = tree.families(acl)
            if acl.purpose != "media" and tree.users(acl) and (families <= refused or (only_ipv4 and 4 in families)):
                yield deny if acl is group[0] else acl.rules[rules.index(deny)], acl


def fix(found: _Shut) -> Fix | None:
    """In the deny's own section where it shuts out all who inherit it, else in each that is shut alone."""
    tree, deny, shut, (networks, label) = found
    name = deny.option.name.replace("deny", "permit")
    settings = [(name, f"{address}/{_mask(deny, length)}") for address, length in networks]
    title = f"let in {label}; narrow that to your own"
    if len(tree.holders[id(deny.option)]) == len(shut):
        return Fix(title, (add_below(deny.option, *settings),))
    edits = [add_behind(tree, acl, deny.option, *settings) for acl in shut]
    if None in edits:
        return None
    only = f"; only for {shown(shut)}, as others inherit the deny"
    return Fix(title + only, tuple(edit for edit in edits if edit is not None))


def _mask(model: Rule, length: int) -> str:
    """A prefix length, written like the mask of another entry."""
    if model.mask_text is None or "." not in model.mask_text:
        return str(length)
    return format_address(4, full_mask(4) ^ full_mask(4) >> length)


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
