"""An included file does not exist.

Why it matters: include_file of a missing file stops the server; import_file ignores it. A relative name is looked for
from the directory the server was started in, then beside the including file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    cannot open included file: ... (...)
    cannot open included file: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or use import_file where the file may be missing.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import INCLUDE_NOT_FOUND, INCLUDE_UNREADABLE

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad='include_file «"missing.cfg"»\nrequest_route {\n    exit;\n}\n',
        good='import_file "missing.cfg"\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, INCLUDE_NOT_FOUND):
        yield Defect(problem.place, f"there is no file '{problem.detail}', and the server does not start without it")
    for problem in of_kind(kamailio.config, INCLUDE_UNREADABLE):
        yield Defect(problem.place, f"the included file {problem.detail}", level="warning")


CHECK = Check(find, level="error", category="load")
