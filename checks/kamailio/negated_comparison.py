"""A comparison is negated, but only its left side is.

Why it matters: ! binds tighter than == and =~ (core/cfg.y, %left), so `!$si == "192.0.2.1"` compares whether $si is
nothing, 0 or 1, with the text. The parser refuses to compare a number with a text ("type mismatch"); with a number on
the right the server starts, and compares with 0 or 1. Only the language's own tests, as in `not method == INVITE`, are
negated as a whole.

Log: Nothing.

Fix: put the comparison in parentheses. Unsafe: other requests will pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Comparison
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Prefixed, String, Variable

EXAMPLES = [
    Example(
        bad='request_route {\n    if («!$si == "192.0.2.1"») exit;\n}\n',
        good='request_route {\n    if (!($si == "192.0.2.1") && !uri == myself) exit;\n}\n',
        fixed='request_route {\n    if (!($si == "192.0.2.1")) exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    if (src_port > 1 && «not $rP != 5») exit;\n}\n",
        good="request_route {\n    if (src_port > 1 && $rP == 5) exit;\n}\n",
        fixed="request_route {\n    if (src_port > 1 && not ($rP != 5)) exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for test, _ in kamailio.comparisons:
        left = test.left
        if isinstance(left, Prefixed) and left.operators[0].text in ("!", "not"):
            message = "only the left side is negated, not the comparison"
            text = isinstance(test.right, String) or (isinstance(test.right, Variable) and test.right.text == "$null")
            refused = text or test.operator == "=~"
            level, category = ("error", "syntax") if refused else (None, None)
            yield Defect(test.node.place, message, subject=test, level=level, category=category)


def fix(test: Comparison) -> Fix | None:
    if not written(test.left, test.right):
        return None
    source, mark = test.node.home.source, test.left.operators[0]
    start = test.left.operators[1].start if len(test.left.operators) > 1 else test.left.operand.start
    gap = mark.end if mark.text == "!" else start
    return Fix("negate the comparison", (insert(source, gap, "("), insert(source, test.node.end, ")")))


CHECK = Check(find, level="warning", category="answer", fix=fix)
