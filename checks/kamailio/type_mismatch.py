"""A text stands where the parser wants a number, or the other way round.

Why it matters: core/rvalue.c:rve_check_type looks at what is known before any request is there: constants, calls, which
are numbers, and what operators make of them. It refuses a text with ! && || < > - * / and such, a number that is
compared with a text (`5 == "5"`, while `"5" == 5` is taken), and a number in strlen and strempty; then the whole file
is refused. What a pseudo-variable holds is converted at run time instead.

Client sees: as the server does not start: any request -> no answer

Log:
    bad expression: type mismatch: ... instead of ... at (...,...)
    bad expression: type mismatch (... instead of ...)

Verdict: spurious, for every phone there is: the server does not start.

Fix: where a number is compared with a text that is one, take the quotes away. Else write what is meant: `strempty("")`
for a text that may be empty, a comparison in place of a text alone. Unsafe: the condition means what its author meant
only now.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import COMPARISONS
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.expression_types import NUMBER, TEXT, Mismatch, mismatches
from cfglint.model.kamailio.script import inside
from cfglint.syntax.kamailio.nodes import Expression, Function, Prefixed
from cfglint.syntax.kamailio.tokens import String

MODULES = 'loadmodule "textops.so"\n'

EXAMPLES = [
    Example(
        bad=f'{MODULES}request_route {{\n    if (is_method("INVITE") == «"1"») exit;\n}}\n',
        good=f'{MODULES}request_route {{\n    if (is_method("INVITE") == 1 && "5" == 5) exit;\n}}\n',
        fixed=f'{MODULES}request_route {{\n    if (is_method("INVITE") == 1) exit;\n}}\n',
    ),
    Example(
        bad='request_route {\n    if ($rU == "100" || «"101"») exit;\n}\n',
        good='request_route {\n    if ($rU == "100" || $rU == "101") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if (!«("")») exit;\n    if (strempty(«5 - 4»)) exit;\n}\n',
        good='request_route {\n    if (!$rU) exit;\n    if (strempty("") && strlen("a" + 1) == 2) exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if («5» =~ "[0-9]" && 5 - «"4"» > 0) exit;\n}\n',
        good='request_route {\n    if ("5" =~ 5 && $rU - 1 > 0) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for kind in (Expression, Prefixed, Function):
        for located in kamailio.nodes(kind):
            for mismatch in mismatches(located.node):
                if not _half_negated(mismatch):
                    yield Defect(mismatch.operand.place, _sentence(mismatch), subject=mismatch)


def _half_negated(mismatch: Mismatch) -> bool:
    """Is it a comparison of which only the left side is negated? That is told by a check of its own."""
    left = mismatch.other if mismatch.wanted == NUMBER else mismatch.operand
    negated = isinstance(left, Prefixed) and left.operators[0].text in ("!", "not")
    return negated and mismatch.operator in COMPARISONS


def _sentence(mismatch: Mismatch) -> str:
    one, other = ("text", "number") if mismatch.wanted == TEXT else ("number", "text")
    if mismatch.other is not None:
        return f"a number cannot be compared with {'$null' if mismatch.wanted == TEXT else 'a text on its right'}"
    side = " on its left" if mismatch.operator == "=~" else ""
    return f"'{mismatch.operator}' takes a {one}{side}, and this is a {other}"


def fix(mismatch: Mismatch) -> Fix | None:
    text = inside(mismatch.operand)
    if mismatch.other is None or not isinstance(text, String) or not written(text):
        return None
    return Fix("take the quotes away", (replace(text.place, text.value),)) if text.value.isdecimal() else None


CHECK = Check(find, level="error", category="syntax", fix=fix)
