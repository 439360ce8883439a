"""Files include each other without end, or too deeply.

Why it matters: the server follows includes ten levels deep and refuses the configuration beyond that; a file that
includes itself always gets there.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    too many includes

Verdict: spurious, for every phone there is: the server does not start.

Fix: take one of the includes away.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import INCLUDE_CYCLE, INCLUDE_TOO_DEEP, TOO_MANY_FILES

from ._problems import notes, of_kind

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": 'include_file "a.cfg"\nrequest_route {\n    exit;\n}\n',
            "a.cfg": 'include_file «"a.cfg"»\n',
        },
        good={"kamailio.cfg": 'include_file "a.cfg"\nrequest_route {\n    exit;\n}\n', "a.cfg": "debug=2\n"},
    ),
]


_TEXTS = {
    INCLUDE_CYCLE: "'{}' is being read already: this never ends",
    INCLUDE_TOO_DEEP: "'{}' would be the eleventh level of includes; the server follows ten",
    TOO_MANY_FILES: "'{}' and what follows is not read: there are too many includes",
}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, *_TEXTS):
        yield Defect(problem.place, _TEXTS[problem.kind].format(problem.detail), notes(problem))


CHECK = Check(find, level="error", category="syntax")
