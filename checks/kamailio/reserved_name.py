"""A reserved word is used as a name.

Why it matters: every new version reserves more words (vrf in 6.1, domain and socket in 5.7): route[VRF] is read in
6.0 and refused in 6.1. A #!define of a reserved word is accepted and never used.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: choose another name, or put the name of a route in quotes.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import RESERVED_DEFINE
from cfglint.syntax.kamailio.faults import RESERVED_WORD

from ._problems import notes, of_kind, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route {\n    exit;\n}\nroute[«prefix»] {\n    return;\n}\n",
        good="request_route {\n    exit;\n}\nroute[PREFIX] {\n    return;\n}\n",
    ),
    Example(
        bad="#!define «port» 5070\nrequest_route {\n    exit;\n}\n",
        good="#!define PORT 5070\nrequest_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, RESERVED_WORD):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))
    for problem in of_kind(kamailio.config, RESERVED_DEFINE):
        text = f"'{problem.detail}' is a reserved word: what it is defined as is never used"
        yield Defect(problem.place, text, level="warning", category="load")


CHECK = Check(find, level="error", category="syntax")
