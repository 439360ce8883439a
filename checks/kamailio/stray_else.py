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
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import STRAY_ELSE
from cfglint.syntax.kamailio.tokens import Token

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route {\n    if (1) { exit; };\n    «else» { exit; }\n}\n",
        good="request_route {\n    if (1) { exit; }\n    else { exit; }\n}\n",
        fixed="request_route {\n    if (1) { exit; }\n    else { exit; }\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, STRAY_ELSE):
        subject = _semicolon(kamailio, problem.place)
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), subject)


def _semicolon(kamailio: Kamailio, place: Place) -> Token | None:
    """The semicolon between a closing brace and an else."""
    tokens = kamailio.config.tokens
    at = next((at for at, token in enumerate(tokens) if token.place == place), 0)
    before = [token.text for token in tokens[max(at - 2, 0) : at]]
    return tokens[at - 1] if before == ["}", ";"] else None


def fix(semicolon: Token) -> Fix | None:
    return Fix("join the else to its if", (delete(semicolon.place),)) if written(semicolon) else None


CHECK = Check(find, level="error", category="syntax", fix=fix)
