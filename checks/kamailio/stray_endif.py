"""An #!endif or #!else belongs to no condition.

Why it matters: a stray #!endif makes the server refuse the configuration, a stray #!else is ignored with a warning, and
a second #!else turns the condition round once more. The #!ifdef is often there and not recognised: without a name, or
as #!if, which does not exist.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    different number of preprocessor directives: ... more #!endif as #!if[n]def
    invalid position for preprocessor directive 'else'
    invalid position for preprocessor directive 'endif'

Verdict: spurious, for every phone there is: the server does not start.

Fix: take the directive away, or write the condition that it belongs to.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import REPEATED_ELSE, STRAY_ELSE_DIRECTIVE, STRAY_ENDIF

from ._problems import category, notes, of_kind

EXAMPLES = [
    Example(bad="request_route {\n    exit;\n}\n«#!endif»\n;\n", good="request_route {\n    exit;\n}\n"),
    Example(bad="«#!else»\nrequest_route {\n    exit;\n}\n", good="request_route {\n    exit;\n}\n"),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, STRAY_ENDIF):
        yield Defect(problem.place, "no condition is open here", category=category(problem))
    for problem in of_kind(kamailio.config, STRAY_ELSE_DIRECTIVE):
        text = "no condition is open here, and the server ignores this"
        yield Defect(problem.place, text, level="warning", category="load")
    for problem in of_kind(kamailio.config, REPEATED_ELSE):
        text = "a second #!else turns the condition round once more"
        yield Defect(problem.place, text, notes(problem), level="warning", category="load")


CHECK = Check(find, level="error", category="syntax")
