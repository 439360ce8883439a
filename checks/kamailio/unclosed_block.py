"""A block is opened and never closed.

Why it matters: the server reads on to the next route or to the end of the file before it refuses it, far away from
the brace that lacks its partner. The brace that is marked is the first whose partner, going by the indentation,
belongs to another.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the closing brace there.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.faults import UNCLOSED_BLOCK

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(bad="request_route «{»\n    exit;\n", good="request_route {\n    exit;\n}\n"),
    Example(
        bad="route[A] {\n    if (1) «{»\n        exit;\n    return;\n}\nroute[B] {\n    return;\n}\n",
        good="route[A] {\n    if (1) {\n        exit;\n    }\n    return;\n}\nroute[B] {\n    return;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, UNCLOSED_BLOCK):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))


CHECK = Check(find, level="error", category="syntax")
