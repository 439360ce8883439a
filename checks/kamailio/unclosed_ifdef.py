"""An #!ifdef is never closed.

Why it matters: the server counts conditions and #!endif over all files and does not start when they differ. An
#!endif only counts when its line holds nothing else and ends with a newline, also in the last line of a file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    different number of preprocessor directives: ... more #!if[n]def as #!endif

Verdict: spurious, for every phone there is: the server does not start.

Fix: add the #!endif, in a line of its own.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import TOO_DEEP_CONDITIONS, UNCLOSED_CONDITION

from ._problems import category, notes, of_kind

EXAMPLES = [
    Example(
        bad="«#!ifdef WITH_TLS»\nenable_tls=yes\nrequest_route {\n    exit;\n}\n",
        good="#!ifdef WITH_TLS\nenable_tls=yes\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="«#!ifdef WITH_TLS»\nenable_tls=yes\n#!endif # TLS\nrequest_route {\n    exit;\n}\n",
        good="#!ifdef WITH_TLS\nenable_tls=yes\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, UNCLOSED_CONDITION):
        yield Defect(problem.place, "no #!endif belongs to this", notes(problem), category=category(problem))
    for problem in of_kind(kamailio.config, TOO_DEEP_CONDITIONS):
        yield Defect(problem.place, "conditions nest deeper than the server follows")


CHECK = Check(find, level="error", category="syntax")
