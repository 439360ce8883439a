"""Characters that mean nothing are dropped.

Why it matters: a byte that begins no token is printed on the server's standard output and left out, and the server
starts: curly quotes, no-break spaces, a question mark, letters outside of ASCII. What remains may mean something
else.

Log: On standard output, not in the log: the character itself.

Fix: take the characters away, or put them where they were meant to be: in a string or a comment.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import DROPPED_TEXT

from ._problems import of_kind

EXAMPLES = [
    Example(bad="request_route {\n    exit«?»;\n}\n", good="request_route {\n    exit;\n}\n"),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, DROPPED_TEXT):
        # A binary file is told as a whole.
        if problem.detail.strip("\ufeff") and "\0" not in problem.place.source.text:
            yield Defect(problem.place, "the server drops this, and reads on as if it were not there")


CHECK = Check(find, level="warning", category="load")
