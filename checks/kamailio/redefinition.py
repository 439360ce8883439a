"""A name is defined twice, or cannot be defined.

Why it matters: a second #!define of a name is an error: the server refuses the configuration, also when the first
stands in an included file, comes from #!substdef, or is a name of the server's own. More than 512 names, or a dash in
one, stop it as well.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    already defined: ...
    too many defines -- adjust MAX_DEFINES

Verdict: spurious, for every phone there is: the server does not start.

Fix: take one of them away, or use #!trydefine for a default and #!redefine to replace a value. One that says the same
once more goes: a safe fix.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, delete
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import NAME_WITH_DASH, REDEFINED, TOO_MANY_DEFINES, Problem
from cfglint.source import Place

from ._problems import notes, of_kind

EXAMPLES = [
    Example(
        bad="#!define PORT 5060\n#!define «PORT» 5070\nrequest_route {\n    exit;\n}\n",
        good="#!define PORT 5060\n#!redefine PORT 5070\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="#!define PORT 5060\n#!define «PORT»  5060\nport=PORT\nrequest_route {\n    exit;\n}\n",
        good="#!define PORT 5060\nport=PORT\nrequest_route {\n    exit;\n}\n",
        fixed="#!define PORT 5060\nport=PORT\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="#!define «WITH»-TLS\nrequest_route {\n    exit;\n}\n",
        good="#!define WITH_TLS\nrequest_route {\n    exit;\n}\n",
    ),
]


_TEXTS = {
    REDEFINED: "'{}' is defined already, and the server refuses a second #!define",
    NAME_WITH_DASH: "a dash behind '{}' is no part of a name, and the server refuses it",
    TOO_MANY_DEFINES: "'{}' is one define more than the server can hold (512)",
}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, *_TEXTS):
        subject = problem.place if problem.kind == REDEFINED and _is_said_again(problem) else None
        yield Defect(problem.place, _TEXTS[problem.kind].format(problem.detail), notes(problem), subject)


def _is_said_again(problem: Problem) -> bool:
    """Does a line of its own say the very same?"""
    lines = [_line(remark.place) for remark in problem.remarks]
    again = _line(problem.place)
    return len(lines) == 1 and lines[0] != again and lines[0].text.split() == again.text.split()


def _line(place: Place) -> Place:
    return Place(place.source, place.source.line_span(place.span.start))


def fix(again: Place) -> Fix | None:
    line = _line(again)
    return None if line.text.rstrip().endswith("\\") else Fix("define it once", (delete(line),), SAFE)


CHECK = Check(find, level="error", category="syntax", fix=fix)
