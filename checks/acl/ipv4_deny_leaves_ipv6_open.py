"""A deny of all IPv4 addresses stands alone where the server can be reached by IPv6, too.

Why it matters: main/acl.c:ast_apply_ha skips entries of the other family. `deny=0.0.0.0/0` does not touch anybody who
comes by IPv6, and the list starts at "allow". It shows only where something listens on an IPv6 address, such as
`bind=[::]`.

Log: Nothing. Nobody is refused.

Fix: add `deny=::/0` below. Unsafe: phones on IPv6 need a permit from then on.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert_line_after
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule
from cfglint.model.asterisk import Tree

from ._owners import by_entry, inherited, shown

EXAMPLES = [
    Example(
        bad="[general]\nbindaddr=::\n\n[1001]\ntype=friend\nhost=dynamic\ndeny = «0.0.0.0/0»\npermit=10.0.0.0/8\n",
        good="[general]\nbindaddr=0.0.0.0\n\n[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
        fixed=(
            "[general]\nbindaddr=::\n\n[1001]\ntype=friend\nhost=dynamic\n"
            "deny = 0.0.0.0/0\ndeny = ::/0\npermit=10.0.0.0/8\n"
        ),
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for deny, lists in by_entry(_open(tree)):
        yield Defect(
            deny.place,
            f"'{deny.text}' refuses IPv4 alone: {shown(lists)} lets everybody in who comes by IPv6",
            inherited(deny, lists),
            (deny, lists[0]),
        )


def _open(tree: Tree) -> Iterator[tuple[Rule, AccessList]]:
    """The denies of all IPv4 in lists without any deny of IPv6."""
    for group in tree.alike if 6 in tree.listens else ():
        rules = group[0].rules
        index = next((i for i, r in enumerate(rules) if r.everybody and r.family == 4 and not r.allow), None)
        if index is None or any(rule.family == 6 and not rule.allow for rule in rules):
            continue
        for acl in group:
            if acl.purpose != "media" and tree.users(acl) and 6 in tree.families(acl):
                yield acl.rules[index], acl


def fix(subject: tuple[Rule, AccessList]) -> Fix | None:
    deny, acl = subject
    option = deny.option
    if any(rule.family == 6 for rule in acl.rules[: acl.rules.index(deny)]) or not option.name.endswith("deny"):
        return None
    line = option.line_place.text[: option.value_place.span.start - option.start] + "::/0"
    return Fix("deny IPv6, too", (insert_line_after(option.source, option.start, line),))


CHECK = Check(find, level="info", category="security", fix=fix)
