"""An else belongs to no if.

Why it matters: behind `};` or behind a statement that is no if, else is a syntax error and the server refuses the
file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: take the semicolon before the else away, or put braces around the statements of the if.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.faults import STRAY_ELSE

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route {\n    if (1) { exit; };\n    «else» { exit; }\n}\n",
        good="request_route {\n    if (1) { exit; }\n    else { exit; }\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, STRAY_ELSE):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))


CHECK = Check(find, level="error", category="syntax")
