"""acl.conf is rejected as a whole, so every acl= lets everybody pass.

Why it matters: acl.conf takes nothing but sections with permit and deny lines. A section [general], another option, or
a line that the loader gives up at rejects the whole file (main/named_acl.c:load_module goes on all the same). After a
start there is then no table of named lists, and a reference into it finds no rules: nobody is refused
(main/named_acl.c:ast_named_acl_find). After a reload the old table stays, so that it shows only at the next restart.

Log:
    Attempted to find named ACL '...', but the ACL configuration isn't available.

Does not help: a reload: the file is rejected again.

Fix: take the line away, or write permit or deny where that is meant; an entry that cannot be read is reported by
acl-unparsable-entry. Unsafe: the lists come into force.
"""

from collections.abc import Iterator
from itertools import islice

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import nearest
from cfglint.model.acl import ALIEN, ENTRY, GENERAL, SYNTAX, Failure
from cfglint.model.asterisk import Tree
from cfglint.model.editing import remove_section
from cfglint.resolve.asterisk import Config
from cfglint.source import Place

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nacl=office\n"
EXAMPLES = [
    Example(
        bad={"acl.conf": "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n«allow»=yes\n", "sip.conf": _PHONE},
        good={"acl.conf": "[office]\ndeny=0.0.0.0/0\nPermit=10.0.0.0/8\n", "sip.conf": _PHONE},
        fixed={"acl.conf": "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
    ),
    Example(
        bad={"acl.conf": "[office]\ndeny=0.0.0.0/0\n«permitt»=10.0.0.0/8\n", "sip.conf": _PHONE},
        good={"acl.conf": "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
        fixed={"acl.conf": "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
    ),
    Example(
        bad={"acl.conf": "[«general»]\n[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
        good={"acl.conf": "[general](!)\n[office](general)\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
        fixed={"acl.conf": "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
    ),
    Example(
        bad={"acl.conf": "[office]\ndeny=0.0.0.0/0\n«[home»\npermit=10.0.0.0/8\n", "sip.conf": _PHONE},
        good={"acl.conf": "[office]\ndeny=0.0.0.0/0\n#include acl.d/*.conf\n", "sip.conf": _PHONE},
    ),
]

_TEXT = {
    ALIEN: "'{}' is neither permit nor deny",
    GENERAL: "acl.conf takes no section [{}]",
    SYNTAX: "the loader gives up here",
}


def find(tree: Tree) -> Iterator[Defect]:
    users = next(iter(tree.acl_users.values()), [])
    relying = ((acl, reference) for acl in users for reference in acl.references)
    notes = tuple(Note(reference.place, f"{acl.shown} relies on it") for acl, reference in islice(relying, 1))
    for failure in tree.acls.failures:
        # An include that is missing here may lie on the server.
        if failure.kind != ENTRY and (failure.kind != SYNTAX or tree.acls.complete):
            reason = _TEXT[failure.kind].format(failure.place.text)
            yield Defect(
                failure.place,
                f"{reason}: acl.conf is rejected as a whole, and every acl= lets everybody pass",
                notes,
                subject=(tree.acls.config, failure) if failure.kind != SYNTAX else None,
                level="error" if users else "warning",
            )


def fix(subject: tuple[Config, Failure]) -> Fix | None:
    config, (kind, place) = subject
    if kind == GENERAL:
        edits = [remove_section(section) for section in config.named(GENERAL) if not section.template]
        known = tuple(edit for edit in edits if edit is not None)
        empty = not any(section.options for section in config.named(GENERAL))
        return Fix("take [general] away", known) if empty and len(known) == len(edits) else None
    meant = nearest(place.text.lower(), ("permit", "deny"))
    if meant is not None:
        return Fix(f"write {meant}", (replace(place, meant),))
    line = Place(place.source, place.source.line_span(place.span.start))
    return Fix("take the line away", (delete(line),))


CHECK = Check(find, level="error", category="security", fix=fix)
