"""A mask is no run of ones followed by zeros, so the entry picks scattered addresses.

Why it matters: a mask is laid over the address bit by bit (main/netsock2.c:ast_sockaddr_apply_netmask). The inverse
masks that routers use come out as nonsense: `permit=192.168.1.0/0.0.0.255` lets in every address of the world that ends
in .0, and no phone of 192.168.1.0/24. It is taken without a message.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; with alwaysauthreject=no: REGISTER -> 404; an endpoint of
chan_pjsip: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The network that was meant is another one.

Does not help: typing the password again, another transport, NAT settings: the address that the packet came from
decides.

Fix: turn an inverse mask round. Unsafe: it changes who gets in. For a mistyped mask there is no fix.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.addresses import Rule, format_address, full_mask, is_abbreviated, prefix_length
from cfglint.model.asterisk import Tree

from ._owners import Misread, inherited, misread, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=«192.168.1.0/0.0.0.255»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=192.168.1.0/255.255.255.0\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=192.168.1.0/255.255.255.0\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=«192.168.1.0/255.255.225.0»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=192.168.1.0/255.255.254.0\n",
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for found in misread(tree, _meant):
        level, category = found.verdict(tree, "error")
        yield Defect(
            found.rule.place,
            f"'{found.rule.text}' has a mask that is no prefix: in {shown(found.lists)} it picks scattered addresses,"
            " not a network",
            inherited(found.rule, found.lists),
            found if _is_inverse(found.rule) else None,
            level=level,
            category=category,
        )


def _meant(rule: Rule) -> tuple[int, int] | None:
    if prefix_length(rule.family, rule.mask) is not None or is_abbreviated(rule.mask_text or ""):
        return None
    full = full_mask(rule.family)
    if _is_inverse(rule):
        return rule.address, full ^ rule.mask
    # The ones in front: what is behind the first zero was probably meant to be zero.
    return rule.address, full ^ ((1 << (full ^ rule.mask).bit_length()) - 1)


def _is_inverse(rule: Rule) -> bool:
    return prefix_length(rule.family, full_mask(rule.family) ^ rule.mask) is not None


def fix(found: Misread) -> Fix | None:
    rule, place = found.rule, found.rule.mask_place
    mask = format_address(rule.family, found.meant[1])
    return None if place is None else Fix(f"turn the mask round to {mask}", (replace(place, mask),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
