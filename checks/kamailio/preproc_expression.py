"""The expression of #!ifexp or #!defexp cannot be evaluated.

Why it matters: the server logs a line and takes the condition for false, or defines the name without a value, and
starts.

Log:
    failed to create expression [...]
    expression evaluation [...] is null

Fix: correct the expression; names that are not defined are 0, and strings only compare and add.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import BAD_EXPRESSION

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad="«#!ifexp 1 +»\ndebug=3\n#!endif\nrequest_route {\n    exit;\n}\n",
        good="#!ifexp 1 + 1\ndebug=3\n#!endif\nrequest_route {\n    exit;\n}\n",
        targets=("kamailio=6.1",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, BAD_EXPRESSION):
        yield Defect(problem.place, f"this cannot be evaluated and counts as false: {problem.detail}")


CHECK = Check(find, level="warning", category="load")
