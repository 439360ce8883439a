"""A #!subst rule cannot be read.

Why it matters: the rule is /expression/replacement/flags, with any separator, three of them, and the flags i, s and
g; the server stops at one that is not.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    bad subst expression: ...
    invalid subst preprocess statement
    separator [...] not found after regexp: [...]

Verdict: spurious, for every phone there is: the server does not start.

Fix: write all three separators.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import BAD_SUBSTITUTION

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad='#!subst «"/val/other"»\nrequest_route {\n    exit;\n}\n',
        good='#!subst "/val/other/"\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, BAD_SUBSTITUTION):
        yield Defect(problem.place, f"this is no rule: {problem.detail}")


CHECK = Check(find, level="error", category="syntax")
