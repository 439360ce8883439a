"""A block is opened and never closed.

Why it matters: the server reads on to the next route or to the end of the file before it refuses it, far away from
the brace that lacks its partner. The brace that is marked is the first whose partner, going by the indentation,
belongs to another.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the closing brace where the lines are no longer indented. Unsafe: the indentation may be wrong.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert_line_after
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import UNCLOSED_BLOCK

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad="request_route «{»\n    exit;\n",
        good="request_route {\n    exit;\n}\n",
        fixed="request_route {\n    exit;\n}\n",
    ),
    Example(
        bad="route[A] {\n    if (1) «{»\n        exit;\n    return;\n}\nroute[B] {\n    return;\n}\n",
        good="route[A] {\n    if (1) {\n        exit;\n    }\n    return;\n}\nroute[B] {\n    return;\n}\n",
        fixed="route[A] {\n    if (1) {\n        exit;\n    }\n    return;\n}\nroute[B] {\n    return;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, UNCLOSED_BLOCK):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), problem.place)


def fix(brace: Place) -> Fix:
    """Behind the last line that is indented further than the one with the brace; directives never are."""
    source = brace.source
    indentation = _indentation(source.line_text(brace.span.start))
    last, at = brace.span.start, source.line_span(brace.span.start).end
    while at < len(source.text):
        line = source.line_text(at)
        if line.strip() and not line.startswith("#"):
            if len(_indentation(line)) <= len(indentation):
                break
            last = at
        at = source.line_span(at).end
    return Fix("close the block", (insert_line_after(source, last, f"{indentation}}}"),))


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


CHECK = Check(find, level="error", category="syntax", fix=fix)
