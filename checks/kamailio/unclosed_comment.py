"""A block comment is not closed.

Why it matters: comments nest, so each /* needs its own */. The rest of the file is a comment; if a route stood open
the server refuses the file, else it starts with one line in the log and without everything below, perhaps without any
route.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log: Where no route stands open, this line alone, and the server starts.
    unexpected EOF

Verdict: spurious, for every phone there is: the server does not start.

Fix: close the comment, or begin its lines with #.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import UNCLOSED_COMMENT

from ._problems import category, notes, of_kind

EXAMPLES = [
    Example(
        bad="request_route {\n    exit;\n}\n«/*» route[A] {\n    return;\n}\n",
        good="request_route {\n    exit;\n}\n/* route[A] */\n",
    ),
    Example(
        bad="request_route {\n    «/*» one /* two */\n    exit;\n}\n",
        good="request_route {\n    /* one /* two */ */\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, UNCLOSED_COMMENT):
        text = "this comment is never closed: the rest of the file is not read"
        yield Defect(problem.place, text, notes(problem), category=category(problem))


CHECK = Check(find, level="error", category="load")
