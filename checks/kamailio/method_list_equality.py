"""A method or status is compared with a list.

Why it matters: == compares letter by letter (core/rvalue.c:bool_rvstrop2, core/route.c:comp_str); no method is called
"INVITE|REGISTER". With == the branch is never taken, with != always. Only =~ and is_method() know alternatives.

Log: Nothing.

Does not help: another order of the methods.

Fix: =~ with the list between ^( and )$. Unsafe: the branch will be taken by other requests than before.
"""

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import DIFFERENT, EQUAL, Comparison, pseudo_variable
from cfglint.model.kamailio.editing import written
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import String, Token

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($rm == «"REGISTER|INVITE"») exit;\n}\n',
        good='request_route {\n    if (is_method("REGISTER|INVITE")) exit;\n}\n',
        fixed='request_route {\n    if ($rm =~ "^(REGISTER|INVITE)$") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if (src_port > 5 && method != «"ACK|BYE"») exit;\n}\n',
        good='request_route {\n    if (src_port > 5 && method != "ACK") exit;\n}\n',
        fixed='request_route {\n    if (src_port > 5 && !(method =~ "^(ACK|BYE)$")) exit;\n}\n',
    ),
    Example(
        bad='onreply_route {\n    if (status == «"18[0-9]"») exit;\n}\n',
        good='onreply_route {\n    if (status =~ "18[0-9]") exit;\n}\n',
        fixed='onreply_route {\n    if (status =~ "^(18[0-9])$") exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for test, _ in kamailio.comparisons:
        if test.operator in (*EQUAL, *DIFFERENT) and _is_method_or_status(test.left) and _is_list(test.right):
            always = "always" if test.operator in DIFFERENT else "never"
            message = f"letter by letter nothing is equal to this list: the comparison is {always} true"
            yield Defect(test.right.place, message, subject=test)


def _is_method_or_status(operand: Any) -> bool:
    variable = pseudo_variable(operand)
    if variable is not None:
        return variable.name in ("rm", "rs") and not variable.transformations
    return isinstance(operand, Token) and operand.text in ("method", "status")


def _is_list(operand: Any) -> bool:
    return isinstance(operand, String) and any(mark in operand.value for mark in "|[*^$")


def fix(test: Comparison) -> Fix | None:
    if not written(test.left, test.right):
        return None
    source, start = test.left.home.source, test.left.start
    pattern = f'{test.left.text} =~ "^({test.right.value})$"'
    text = f"!({pattern})" if test.operator in DIFFERENT else pattern
    return Fix("match the list", (replace(Place(source, Span(start, test.right.end)), text),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
