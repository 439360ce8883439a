"""A registration only counts when it is new.

Why it matters: save() returns 1 for a new contact, 2 for one that is refreshed, 3 for one that is removed and 4 when
it only lists what is there (registrar/save.c). A script that asks $rc for 1 treats every refresh as a failure: the
phone registers, and is refused half an hour later with the same credentials.

Client sees: each time the registration is refreshed: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 10.2.4: a client refreshes its bindings before they expire.

Verdict: spurious. The same credentials were right before.

Does not help: typing the password again; it helps until the next refresh.

Fix: ask whether the code is below 0. Unsafe: the other branch will be taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Comparison, comparison, number, terms
from cfglint.model.kamailio.editing import written
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import Call, If, Variable

from ._replies import sequences

EXAMPLES = [
    Example(
        bad='request_route {\n    save("location", "0x02");\n    if («$rc != 1») exit;\n}\n',
        good='request_route {\n    save("location", "0x02");\n    if ($rc < 0) exit;\n}\n',
        fixed='request_route {\n    save("location", "0x02");\n    if ($rc < 0) exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    save("location");\n    if («$retcode == 1») exit;\n}\n',
        good='request_route {\n    save("location");\n    if ($retcode == 1 || $retcode == 2) exit;\n}\n',
        fixed='request_route {\n    save("location");\n    if ($retcode > 0) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for statements in sequences(kamailio):
        for save, following in pairwise(statements):
            if isinstance(save, Call) and save.name == "save" and isinstance(following, If):
                test = _asks_for_one(following)
                if test is not None:
                    message = "save() returns 2 for a contact that is refreshed, and 3 for one that is removed"
                    yield Defect(test.node.place, message, (Note(save.place, "here"),), test)


def _asks_for_one(statement: If) -> Comparison | None:
    """The only test of the code in a chain of conditions, when it is for 1."""
    tests = [comparison(term.node) for branch in statement.branches for term in terms(branch.condition)]
    of_code = [test for test in tests if test is not None and _is_code(test.left)]
    if len(of_code) == 1 and of_code[0].operator in ("==", "!=") and number(of_code[0].right) == 1:
        return of_code[0]
    return None


def _is_code(operand: Any) -> bool:
    return isinstance(operand, Variable) and operand.text in ("$rc", "$retcode", "$?")


def fix(test: Comparison) -> Fix | None:
    if not written(test.left, test.right):
        return None
    rest = Place(test.left.home.source, Span(test.left.end, test.node.end))
    return Fix("ask for a failure", (replace(rest, " < 0" if test.operator == "!=" else " > 0"),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
