"""An address list permits without denying, so it restricts nobody.

Why it matters: an address list starts at "allow" (main/acl.c:ast_apply_ha); a permit only takes back what a deny above
it refused. With permit lines alone everybody gets in, the whole internet included, in chan_sip and in res_pjsip.

A `permit=0.0.0.0/0` says so itself and is left alone, and so is a list beside an `acl=`, which may hold the deny.

Log: Nothing. Nobody is refused.

Fix: put a deny of everything above the first permit. Unsafe: it shuts out everybody who is not named.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule
from cfglint.model.asterisk import Tree

from ._owners import by_entry, inherited, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\n  permit = «192.168.1.0/24» ; the office\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/24\n",
        fixed=("[1001]\ntype=friend\nhost=dynamic\n  deny = 0.0.0.0/0\n  permit = 192.168.1.0/24 ; the office\n"),
    ),
    Example(
        bad="[general]\ncontactpermit=«10.0.0.0/255.0.0.0»,fd00::/8\n",
        good="[general]\ncontactpermit=0.0.0.0/0\n",
        fixed="[general]\ncontactdeny=0.0.0.0/0.0.0.0\ncontactdeny=::/0\ncontactpermit=10.0.0.0/255.0.0.0,fd00::/8\n",
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for permit, lists in by_entry(_open(tree)):
        yield Defect(
            permit.place,
            f"'{permit.text}' restricts nobody: no deny stands above it, so {shown(lists)} lets everybody in",
            inherited(permit, lists),
            (permit, lists[0]),
        )


def _open(tree: Tree) -> Iterator[tuple[Rule, AccessList]]:
    """The first permit of lists that only permit."""
    for group in tree.alike:
        rules = group[0].rules
        if rules and all(rule.allow and not rule.everybody for rule in rules):
            for acl in group:
                if acl.purpose != "media" and not acl.references and tree.users(acl):
                    yield acl.rules[0], acl


def fix(subject: tuple[Rule, AccessList]) -> Fix | None:
    option, rules = subject[0].option, subject[1].rules
    if not option.name.endswith("permit"):
        return None
    line, key = option.line_place.text, option.key_place.span
    at = option.start
    before, between = line[: key.end - at - len("permit")], line[key.end - at : option.value_place.span.start - at]
    dotted = any("." in (rule.mask_text or "") for rule in rules)
    everybody = {4: "0.0.0.0/0.0.0.0" if dotted else "0.0.0.0/0", 6: "::/0"}
    families = sorted({rule.family for rule in rules})
    text = "".join(f"{before}deny{between}{everybody[family]}{option.source.newline}" for family in families)
    return Fix("put a deny of everything above the permit", (insert(option.source, at, text),))


CHECK = Check(find, level="warning", category="security", fix=fix)
