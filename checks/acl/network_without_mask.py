"""An address that looks like a network stands without a mask, so it is a single host.

Why it matters: without a mask an entry is one address (main/acl.c:append_ha_core takes /32 or /128).
`permit=192.168.1.0` below a deny lets in only 192.168.1.0 itself, which no phone has, and all phones of the network are
refused; `deny=0.0.0.0` denies nothing.

An entry that changes nothing, because the rest of the list judges the whole network alike, is left alone, and so is an
address that is evidently a host: the section's own `host`, or one of several of its network that are listed one by one.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; with alwaysauthreject=no: REGISTER -> 404; an endpoint of
chan_pjsip: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The network that was meant is permitted.

Does not help: typing the password again, another transport, NAT settings: the address that the packet came from
decides.

Fix: append the mask that the trailing zeros stand for: /24, /16, /8 or /0. Unsafe: it changes who gets in.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert, replace
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import BITS, MAX_WEIGHED, Rule, format_address, full_mask, is_abbreviated, prefix_length
from cfglint.model.asterisk import Tree
from cfglint.model.sip import Peer

from ._owners import Misread, inherited, misread, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.1.2.3,«192.168.1.0»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/24\npermit=192.168.1.0\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.1.2.3,192.168.1.0/24\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=«0.0.0.0/255.255.255.255»\npermit=10.0.0.0/8\n",
        good="[office]\ntype=peer\nhost=10.0.4.0\ndeny=0.0.0.0/0\npermit=10.0.4.0\npermit=10.0.8.0,10.0.8.1\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
    ),
    Example(
        bad={"pjsip.conf": "[1001]\ntype=endpoint\ndeny=0.0.0.0/0\ndeny=«::»\npermit=10.0.0.0/8\n"},
        good={"pjsip.conf": "[1001]\ntype=endpoint\ndeny=0.0.0.0/0\ndeny=::/0\npermit=10.0.0.0/8\n"},
        fixed={"pjsip.conf": "[1001]\ntype=endpoint\ndeny=0.0.0.0/0\ndeny=::/0\npermit=10.0.0.0/8\n"},
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for found in misread(tree, _meant):
        rule, lists = found.rule, found.lists
        if found.effect == (False, False) or any(_is_host(acl, found) for acl in lists):
            continue
        level, category = found.verdict(tree, "error")
        effect = "it lets in" if rule.allow else "it refuses"
        yield Defect(
            rule.place,
            f"'{rule.text}' is a single address, not a network: {effect} nobody in {shown(lists)}"
            f" but {format_address(rule.family, rule.network)}",
            inherited(rule, lists),
            found,
            level=level,
            category=category,
        )


def _meant(rule: Rule) -> tuple[int, int] | None:
    """The network that the trailing zeros stand for."""
    if rule.mask != full_mask(rule.family) or is_abbreviated(rule.literal):
        return None
    if rule.address and (rule.mask_text is not None or (rule.family == 6 and not rule.literal.endswith("::"))):
        return None
    step = 8 if rule.family == 4 else 16
    length = BITS[rule.family]
    while length and not rule.address >> (BITS[rule.family] - length) & ((1 << step) - 1):
        length -= step
    full = full_mask(rule.family)
    return None if length == BITS[rule.family] else (rule.address, full ^ full >> length)


def _is_host(acl: AccessList, found: Misread) -> bool:
    """Is it evidently one host: the peer's own address, or one of several of its network that are listed one by one?"""
    rule, (network, mask) = found.rule, found.meant
    if isinstance(acl.owner, Peer) and acl.owner.value("host") == rule.literal:
        return True
    singles = (
        r for r in acl.rules[:MAX_WEIGHED] if r.mask == full_mask(rule.family) == rule.mask and r.family == rule.family
    )
    return mask != 0 and any(r.network & mask == network and r.network != rule.network for r in singles)


def fix(found: Misread) -> Fix | None:
    rule, mask = found.rule, found.meant[1]
    length, place = prefix_length(rule.family, mask), rule.literal_place
    if place is None or (rule.family == 6 and length not in (0, 48, 64)):
        return None
    if rule.mask_text is None:
        return Fix(f"append /{length}", (insert(place.source, place.span.end, f"/{length}"),))
    behind = rule.mask_place
    return None if behind is None else Fix(f"make the mask /{length}", (replace(behind, str(length)),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
