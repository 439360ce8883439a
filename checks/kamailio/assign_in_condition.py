"""A condition assigns where it means to compare.

Why it matters: core/cfg.y takes an assignment in parentheses as an operand, and core/action.c (ASSIGN_T) makes 1 of
it whatever was assigned. The branch is always taken, and the variable has lost its value. Neither `kamailio -c` nor
the log says a word.

Client sees: where the branch refuses: INVITE -> 403

Log: Nothing.

Verdict: spurious. The condition never looked at the request.

Does not help: `kamailio -c`: it is legal.

Fix: write ==. Unsafe: the branch will be taken by other requests than before.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import Assignment, Parenthesis

EXAMPLES = [
    Example(
        bad="request_route {\n    if («$var(blocked) = 1») exit;\n}\n",
        good="request_route {\n    if ($var(blocked) == 1) exit;\n}\n",
        fixed="request_route {\n    if ($var(blocked) == 1) exit;\n}\n",
    ),
    Example(
        bad='request_route {\n    if (is_method("INVITE") && («$rU="112"»)) exit;\n}\n',
        good='request_route {\n    if (is_method("INVITE") && ($rU=="112")) exit;\n}\n',
        fixed='request_route {\n    if (is_method("INVITE") && ($rU == "112")) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Parenthesis):
        assignment = located.node.inner
        if isinstance(assignment, Assignment):
            text = "this assigns: the condition is always true, and the variable has another value"
            yield Defect(assignment.place, text, subject=assignment)


def fix(assignment: Assignment) -> Fix | None:
    target, value = assignment.target, assignment.value
    if not written(target, value):
        return None
    between = Place(assignment.home.source, Span(target.end, value.start))
    return Fix("compare", (replace(between, " == "),)) if between.text.strip() == "=" else None


CHECK = Check(find, level="warning", category="answer", fix=fix)
