"""A statement does not end with a semicolon.

Why it matters: core/cfg.y needs one behind every call, assignment, return, exit, drop and break, also before a
closing brace. Without it the server refuses the file and names the next token, which often stands in the next line.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    bad command: missing ';'?
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the semicolon there.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, insert
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import MISSING

from ._problems import notes, of_shape

EXAMPLES = [
    Example(
        bad="request_route {\n    $var(a) = «1»\n    exit;\n}\n",
        good="request_route {\n    $var(a) = 1;\n    exit;\n}\n",
        fixed="request_route {\n    $var(a) = 1;\n    exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    if (1) { «exit» }\n    exit;\n}\n",
        good="request_route {\n    if (1) { exit; }\n    exit;\n}\n",
        fixed="request_route {\n    if (1) { exit; }\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, MISSING):
        if problem.detail == "SEMICOLON":
            yield Defect(problem.place, "';' is missing behind this", notes(problem), problem.place)


def fix(place: Place) -> Fix:
    return Fix("put the ';' there", (insert(place.source, place.span.end, ";"),), SAFE)


CHECK = Check(find, level="error", category="syntax", fix=fix)
