"""An address has bits behind its mask, which the server clears.

Why it matters: main/acl.c:append_ha_core lays the mask over the address and keeps the rest. `permit=10.1.2.3/8` lets in
all of 10.0.0.0/8, which may be more than was meant, and `permit=192.168.1.5/0.0.0.0`, a router's way to write one host,
lets in the whole world.

Log: Nothing.

Fix: write the network that the server uses, which changes nothing. For /0 there is none: one host was probably meant.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.addresses import Rule, format_address, full_mask, is_abbreviated, prefix_length
from cfglint.model.asterisk import Tree

from ._owners import inherited, misread, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=«10.1.2.3/8»,192.168.1.0/24\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\npermit=192.168.1.5/32\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8,192.168.1.0/24\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=«192.168.1.5/0.0.0.0»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0.0.0.0\npermit=192.168.1.5/255.255.255.255\n",
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for found in misread(tree, _meant):
        rule = found.rule
        if rule.everybody and rule.allow and found.effect.admitted:
            message = f"'{rule.text}' lets everybody in to {shown(found.lists)}: the mask leaves nothing of the address"
            yield Defect(rule.place, message, inherited(rule, found.lists), level="warning", category="security")
        else:
            message = f"'{rule.text}' stands for the whole network {rule.shown}"
            yield Defect(rule.place, message, subject=None if rule.everybody else rule)


def _meant(rule: Rule) -> tuple[int, int] | None:
    if rule.address & ~rule.mask == 0 or prefix_length(rule.family, rule.mask) is None:
        return None
    if is_abbreviated(rule.literal) or rule.literal.isdigit() or is_abbreviated(rule.mask_text or ""):
        return None
    return rule.address, full_mask(rule.family)


def fix(rule: Rule) -> Fix | None:
    network, place = format_address(rule.family, rule.network), rule.literal_place
    return None if place is None else Fix(f"write {network}", (replace(place, network),), SAFE)


CHECK = Check(find, level="info", category="style", fix=fix)
