"""A closing brace closes nothing.

Why it matters: a brace too many ends the route early, and the server refuses the file where the rest of it stands
outside of any route.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: take the brace away, where nothing else is wrong; else find the one that closed the block too early.
"""

from collections import Counter
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import SYNTAX
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.faults import STRAY_BRACE

from ._problems import notes, of_kind, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route {\n    exit;\n}\n«}»\n",
        good="request_route {\n    exit;\n}\n",
        fixed="request_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, STRAY_BRACE):
        kinds = Counter(token.text for token in kamailio.config.tokens)
        alone = kinds["}"] == kinds["{"] + 1 and all(other is problem for other in of_kind(kamailio.config, SYNTAX))
        subject = problem.place if alone else None
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), subject)


def fix(brace: Place) -> Fix:
    source, (start, end) = brace
    line = source.line_span(start)
    whole = source.text[line.start : line.end].strip() == "}"
    return Fix("take the brace away", (delete(Place(source, line if whole else Span(start, end))),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
