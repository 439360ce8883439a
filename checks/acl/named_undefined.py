"""A named address list is referred to that acl.conf does not define.

Why it matters: main/named_acl.c:ast_named_acl_find marks a name it does not know as undefined, and an undefined list
refuses everybody. Names have case: [office] is not `acl=Office`; and a blank in front of a comma belongs to the name.

Without any acl.conf it is the other way round: no table exists, and every `acl=` lets everybody pass. Lists that come
from a database are not seen here; where extconfig.conf says so, the check is silent.

Client sees: REGISTER -> 401 -> 401; a peer of chan_sip: REGISTER -> 401 -> 403; as type=acl: REGISTER -> 403

Log:
    ACL '...' does not exist. The ACL will be marked as undefined and will automatically fail if applied.
    Rejecting '...' due to use of an invalid ACL '...'.

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The list that was meant may well let the phone in.

Does not help: typing the password again; a `permit` beside it: every list has to let the address through.

Fix: use the spelling of the one section that differs only in case or blanks. Unsafe: it opens what was shut.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.acl import AccessList, Reference
from cfglint.model.asterisk import Tree
from cfglint.resolve.asterisk import folded

from ._owners import by_entry, inherited, shown

_ACL = "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"
EXAMPLES = [
    Example(
        bad={"acl.conf": _ACL, "pjsip.conf": "[1001]\ntype=endpoint\nacl=«Office»\n"},
        good={"acl.conf": _ACL, "pjsip.conf": "[1001]\ntype=endpoint\nacl=office\ncontact_acl=\n"},
        fixed={"acl.conf": _ACL, "pjsip.conf": "[1001]\ntype=endpoint\nacl=office\n"},
    ),
    Example(
        bad={
            "acl.conf": _ACL,
            "sip.conf": "[phone](!)\nacl=office, «home»\n[1001](phone)\ntype=friend\nhost=dynamic\n",
        },
        good={
            "acl.conf": _ACL,
            "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=home\n",
            "extconfig.conf": "[settings]\nacls => odbc,asterisk,acls\n",
        },
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nacl=«office»\n",
        good={"acl.conf": _ACL, "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=office\n"},
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    acls = tree.acls
    if acls.failures or "acl" in tree.realtime or tree.hidden("acl.conf"):
        return
    if acls.config is not None and acls.config.incomplete:
        return
    pairs = ((reference, acl) for acl in tree.access_lists for reference in acl.references)
    for reference, lists in by_entry(pair for pair in pairs if pair[0].name not in acls.lists):
        yield _undefined(tree, reference, lists) if acls.config is not None else _unlisted(reference, lists)


def _undefined(tree: Tree, reference: Reference, lists: list[AccessList]) -> Defect:
    name, known = reference.name, tree.acls.lists
    same = [other for other in known if folded(other) == folded(name.strip())]
    close = same[0] if len(same) == 1 else nearest(name, known)
    hint = f" (did you mean '{close}'?)" if close else ""
    judging = [acl for acl in lists if acl.purpose != "media"]
    what = (
        f"acl.conf defines no '{name}'{hint}" if name else "the list of names has an empty item, which no ACL matches"
    )
    return Defect(
        reference.place,
        f"{what}: {shown(lists)} lets nobody in" if judging else f"{what}: {shown(lists)} never sends media directly",
        inherited(reference, lists),
        (reference, same[0]) if len(same) == 1 else None,
        level="error" if judging else "warning",
        category="answer" if judging else "load",
        answers=tree.refusal(judging[0]) if judging else (),
    )


def _unlisted(reference: Reference, lists: list[AccessList]) -> Defect:
    message = f"there is no acl.conf, so '{reference.name}' restricts nobody: {shown(lists)} lets everybody in"
    return Defect(reference.place, message, inherited(reference, lists), level="warning", category="security")


def fix(subject: tuple[Reference, str]) -> Fix | None:
    reference, name = subject
    place = reference.place
    return Fix(f"write {name}", (replace(place, name),)) if place.text == reference.name else None


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
