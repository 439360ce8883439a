"""The result of a function is compared with a number that it never has in an expression.

Why it matters: inside of an expression a call counts as 1 when its code is above 0, and as 0 otherwise
(core/rvalue.c:rval_get_int, RV_ACTION_ST). f() == -2, f() < 0 and `case -1:` behind switch(f()) never hold, and
f() != -1 always does. Only $rc, or a variable that the result is assigned to, keeps the code. From 5.7 on
return_mode=1 changes that.

Client sees: where the branch for a stale nonce is never taken: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. What is asked for never holds.

Does not help: another number in the comparison.

Fix: assign the result, `$var(rc) = f();`, and compare the variable. Unsafe: a branch comes to life that never did.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison, number, plain
from cfglint.model.kamailio.editing import put_before, written
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Call, If, Switch

from ._replies import sequences
from ._return_mode import keeps_codes

EXAMPLES = [
    Example(
        bad='loadmodule "pv"\nrequest_route {\n    if («auth_check("$fd", "subscriber", "1") == -2») exit;\n}\n',
        good="request_route {\n    $var(rc) = save('location');\n    if ($var(rc) == -2) exit;\n}\n",
        fixed='loadmodule "pv"\nrequest_route {\n    $var(rc) = auth_check("$fd", "subscriber", "1");\n'
        "    if ($var(rc) == -2) exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    if (method == ACK && «pike_check_req() < 0») exit;\n}\n",
        good="request_route {\n    if (method == ACK && pike_check_req() == 0) exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    switch («route(A)») {\n        case 1: exit;\n        case -1: drop;\n    }\n}\n",
        good="return_mode=1\nrequest_route {\n    switch (route(A)) {\n        case -1: drop;\n    }\n}\n",
    ),
]

_TESTS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Tested(NamedTuple):
    """A call in a condition, and the statement that it can be put in front of."""

    call: Call
    statement: If | None


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if keeps_codes(kamailio):
        return
    movable = dict(_movable(kamailio)) if "pv" in kamailio.loaded else {}
    for test, _ in kamailio.comparisons:
        call, sign, value = test.left, test.operator, number(test.right)
        if not isinstance(call, Call):
            call, sign, value = test.right, _TURNED.get(sign, sign), number(test.left)
        if not isinstance(call, Call) or value is None or sign not in _TESTS:
            continue
        results = {_TESTS[sign](code, value) for code in (0, 1)}
        if len(results) == 1:
            always = "always" if results.pop() else "never"
            message = f"{call.name}() is 0 or 1 here, whatever it returns: this is {always} true"
            yield Defect(test.node.place, message, subject=Tested(call, movable.get(call)))
    for located in kamailio.nodes(Switch):
        yield from _switch(located.node)


def _switch(switch: Switch) -> Iterator[Defect]:
    call = plain(switch.subject)
    dead = [case.label for case in switch.cases if number(case.label) not in (None, 0, 1)]
    if isinstance(call, Call) and dead:
        message = f"{call.name}() is 0 or 1 here, whatever it returns: other cases never come to their turn"
        yield Defect(call.place, message, tuple(Note(label.place, "never reached") for label in dead))


def _movable(kamailio: Kamailio) -> Iterator[tuple[Call, If]]:
    """Calls that are the first thing an ``if`` does, so that they can as well be made in front of it."""
    for statements in sequences(kamailio):
        for statement in statements:
            test = comparison(statement.branches[0].condition) if isinstance(statement, If) else None
            if test is not None and isinstance(statement, If) and isinstance(test.left, Call):
                yield test.left, statement


def fix(tested: Tested) -> Fix | None:
    call, statement = tested
    if statement is None or not written(call, statement):
        return None
    assignment = put_before(statement, f"$var(rc) = {call.place.text};")
    return Fix("assign the result first", (assignment, replace(call.place, "$var(rc)")))


CHECK = Check(find, level="warning", category="answer", fix=fix)
