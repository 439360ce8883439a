"""A named address list is mentioned twice in one object.

Why it matters: main/acl.c:ast_append_acl raises an error for a name that is already there, whatever its case, and the
owner is lost: chan_sip deletes the peer, res_pjsip drops the endpoint or the object of `type=acl`, which then lets
everybody pass. It mostly happens through a template that already has the line.

Client sees: REGISTER -> 401 -> 403; an endpoint of chan_pjsip: REGISTER -> 401 -> 401; with alwaysauthreject=no:
REGISTER -> 404

Log:
    Named ACL '...' occurs multiple times in ACL definition. Please update your ACL configuration.
    Bad ACL entry in configuration line ... : .... Deleting peer
    There is an error in ACL configuration. Blocking ALL SIP traffic.

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again; another spelling of the name: names are compared without case here.

Fix: delete the second mention. Unsafe: the object comes to life.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList, Reference
from cfglint.model.asterisk import Tree
from cfglint.source import place as place_of

from ._owners import by_entry, shown

_ACL = "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"
EXAMPLES = [
    Example(
        bad={
            "acl.conf": _ACL,
            "sip.conf": "[phone](!)\ntype=friend\nhost=dynamic\nacl=office\n\n[1001](phone)\nacl=«office»\nsecret=x\n",
        },
        good={
            "acl.conf": _ACL,
            "sip.conf": "[1001]\ntype=friend\nhost=dynamic\nacl=office\ncontactacl=office\n",
        },
        fixed={
            "acl.conf": _ACL,
            "sip.conf": "[phone](!)\ntype=friend\nhost=dynamic\nacl=office\n\n[1001](phone)\nsecret=x\n",
        },
    ),
    Example(
        bad={"acl.conf": _ACL, "pjsip.conf": "[lan]\ntype=acl\nacl=office, «Office»\n"},
        good={"acl.conf": _ACL, "pjsip.conf": "[lan]\ntype=acl\nacl=office\n"},
        fixed={"acl.conf": _ACL, "pjsip.conf": "[lan]\ntype=acl\nacl=office\n"},
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    first: dict[tuple[int, int], Reference] = {}
    for reference, lists in by_entry(_repeated(tree, first)):
        before = first[id(reference.option), reference.start]
        kind, security = lists[0].kind, lists[0].kind == "acl object"
        effect = "chan_sip does not start" if kind == "section" else f"{shown(lists)} is dropped"
        yield Defect(
            reference.place,
            f"'{reference.name}' is mentioned twice: {effect}{' and everybody passes' if security else ''}",
            (Note(before.place, "the first mention"),),
            # What a template says for many is not deleted for one.
            reference if all(acl.section is reference.option.home for acl in lists) else None,
            category="security" if security else "load",
            answers=tree.loss(lists[0]),
        )


def _repeated(tree: Tree, first: dict[tuple[int, int], Reference]) -> Iterator[tuple[Reference, AccessList]]:
    """Second mentions with their lists; notes the first one of each."""
    for acl in tree.access_lists:
        for before, again in acl.repetitions:
            first[id(again.option), again.start] = before
            yield again, acl


def fix(reference: Reference) -> Fix | None:
    option, place = reference.option, reference.place
    if place.text != reference.name:
        return None
    if reference.name == option.value:
        return Fix("delete the second mention", (delete(option.line_place),))
    # With the comma in front of it; a second mention that is the first item of its line has one behind.
    comma = option.value.rfind(",", 0, reference.start)
    start, end = (comma, reference.end) if comma >= 0 else (0, reference.end + 1)
    at = option.value_place.span.start
    return Fix("delete the second mention", (delete(place_of(option.source, at + start, at + end)),))


CHECK = Check(find, level="error", category="load", fix=fix)
