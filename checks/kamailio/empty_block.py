"""A block holds no statement.

Why it matters: core/cfg.y needs at least one statement between braces; comments do not count. The server refuses the
file, often after somebody commented a block's only line out.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put a semicolon there, or take the whole construct away.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, insert
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import EMPTY_BLOCK

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route {\n    if (1) «{ }»\n    exit;\n}\n",
        good="request_route {\n    if (1) { ; }\n    exit;\n}\n",
        fixed="request_route {\n    if (1) {; }\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, EMPTY_BLOCK):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), problem.place)


def fix(place: Place) -> Fix:
    return Fix("put a ';' there", (insert(place.source, place.span.start + 1, ";"),), SAFE)


CHECK = Check(find, level="error", category="syntax", fix=fix)
