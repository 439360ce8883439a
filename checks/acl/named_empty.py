"""A named address list is in use and has no entry, so it restricts nobody.

Why it matters: a section of acl.conf without permit and deny is valid and lets everybody pass
(main/named_acl.c:ast_named_acl_find).

Log:
    ACL '...' contains no rules. It is valid, but it will accept addresses unconditionally.

Fix: write a deny and the permits into it, or take the `acl=` away.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.asterisk import Tree

EXAMPLES = [
    Example(
        bad={"acl.conf": "[«office»]\n", "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=office\n"},
        good={"acl.conf": "[office]\n[lan]\ndeny=0.0.0.0/0\n", "sip.conf": "[1001]\ntype=friend\nacl=lan\n"},
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for acl in tree.acls.lists.values():
        users = tree.users(acl)
        if not users or acl.rules or acl.faults or acl.section.incomplete or not tree.acls.complete:
            continue
        reference = next(reference for reference in users[0].references if reference.name == acl.name)
        yield Defect(
            acl.section.name_place,
            f"{acl.shown} has no entry and lets everybody pass",
            (Note(reference.place, f"{users[0].shown} relies on it"),),
        )


CHECK = Check(find, level="warning", category="security")
