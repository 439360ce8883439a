"""A define is expanded into itself.

Why it matters: the server pushes a define's value back and reads it again, so a value that holds its own name, directly
or through others, never ends: it hangs, or gives up with "push-back overflow" on standard error.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log: A line of flex on standard error.

Verdict: spurious, for every phone there is: the server does not start.

Fix: rename one of them.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import EXPANSION_LOOP, EXPANSION_TOO_LARGE

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad="#!define A B;\n#!define B A\nrequest_route {\n    «A»\n    exit;\n}\n",
        good="#!define A exit;\nrequest_route {\n    A\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, EXPANSION_LOOP):
        yield Defect(problem.place, f"the value of '{problem.detail}' leads back to itself")
    for problem in of_kind(kamailio.config, EXPANSION_TOO_LARGE):
        yield Defect(problem.place, f"the value of '{problem.detail}' multiplies beyond all measure")


CHECK = Check(find, level="error", category="syntax")
