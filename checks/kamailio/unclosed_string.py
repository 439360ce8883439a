"""A string is not closed.

Why it matters: a string may run over lines, so a missing quote swallows everything up to the next one, and from there
on all quotes are the wrong way round. The server complains where the next string's text is read as code; at the end
of the file it only logs a line, and all that was swallowed is missing.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    unexpected EOF
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: close the string.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import UNCLOSED_STRING as PROBLEM
from cfglint.syntax.kamailio.faults import UNCLOSED_STRING as FAULT

from ._problems import category, notes, of_kind, of_shape, sentence

EXAMPLES = [
    Example(
        bad='request_route {\n    xlog(«"hello);»\n    xlog("world");\n    exit;\n}\n',
        good='request_route {\n    xlog("hello");\n    xlog("world");\n    exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    xlog(«'»hello);\n    exit;\n}\n",
        good="request_route {\n    xlog('hello');\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, FAULT):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))
    for problem in of_kind(kamailio.config, PROBLEM):
        text = "this quote is never closed: the rest of the file is taken for a string"
        yield Defect(problem.place, text, notes(problem), category=category(problem))


CHECK = Check(find, level="error", category="load")
