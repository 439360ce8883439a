"""dynamic_exclude_static refuses the phones that come from a trunk's address.

Why it matters: with `dynamic_exclude_static=yes` channels/chan_sip.c:build_peer adds the address of every section with
a fixed host to the list of Contact addresses that are refused. A phone that registers from such an address, because a
gateway or router with a section of its own stands before it, is told 603 after a correct password.

A warning where an account's own list permits just that address; otherwise an information.

Client sees: REGISTER -> 401 -> 603

Log:
    Domain '...' disallowed by contact ACL (violating IP ...)
    Registration denied because of contact ACL

RFC: 3261 section 10.3: a registrar must not answer with 6xx at all; 403 would be the word (step 4).

Verdict: depends. Deserved for a phone that pretends to be the trunk; spurious for one behind the same router.

Does not help: typing the password again: it was right.

Fix: leave the option off, or give the gateway no section of its own. Unsafe: phones may then register an address that
belongs to a trunk.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.addresses import full_mask, parse_address
from cfglint.model.editing import set_value
from cfglint.model.sip import Peer, Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Option

_STATIC = "[branch]\ntype=peer\nhost=192.0.2.9\n[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\n«dynamic_exclude_static=yes»\n" + _STATIC + "deny=0.0.0.0/0\npermit=192.0.2.9\n",
        good="[general]\ndynamic_exclude_static=no\n" + _STATIC,
        fixed="[general]\ndynamic_exclude_static=no\n" + _STATIC + "deny=0.0.0.0/0\npermit=192.0.2.9\n",
    ),
    Example(
        bad="[general]\n«dynamic_exclude_static=yes»\n" + _STATIC,
        good="[general]\ndynamic_exclude_static=yes\n[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("dynamic_exclude_static") or sip.general_option("dynamic_excludes_static")
    if option is None or not is_true(option.value) or not sip.phones:
        return
    fixed: dict[tuple[int, int], Peer] = {}
    for peer in sip.peers.values():
        address = parse_address(peer.fixed_host) if peer.fixed_host else ""
        if not isinstance(address, str):
            fixed.setdefault(address, peer)
    if not fixed:
        return
    for acl in sip.tree.access_lists:
        if acl.purpose != "source" or not isinstance(acl.owner, Peer) or not acl.owner.dynamic:
            continue
        for rule in acl.rules:
            static = fixed.get((rule.family, rule.network))
            if rule.allow and rule.mask == full_mask(rule.family) and static is not None:
                message = f"'{acl.owner.name}' may come from the address of '{static.name}' only to be told 603"
                yield Defect(option.place, message, (Note(rule.place, "this address"),), option, level="warning")
                return
    first = next(iter(fixed.values()))
    message = f"a phone that registers from the address of '{first.name}' or another fixed host gets 603"
    yield Defect(option.place, message, (Note(first.section.name_place, "a fixed host"),), answers=(401, 603))


def fix(option: Option) -> Fix:
    return Fix("take such registrations", (set_value(option, "no"),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
