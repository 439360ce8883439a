"""A named route is defined twice.

Why it matters: core/cfg.y refuses the second block of one kind and name, and the server does not start. Blocks without
a name are joined instead.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    duplicate route

Verdict: spurious, for every phone there is: the server does not start.

Fix: rename one of them, or join them.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import DUPLICATE_ROUTE

from ._problems import notes, of_kind

EXAMPLES = [
    Example(
        bad="request_route {\n    exit;\n}\nroute[A] {\n    return;\n}\nroute[«A»] {\n    return;\n}\n",
        good="request_route {\n    exit;\n}\nroute[A] {\n    return;\n}\nfailure_route[A] {\n    return;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, DUPLICATE_ROUTE):
        yield Defect(problem.place, f"a block of this kind is called '{problem.detail}' already", notes(problem))


CHECK = Check(find, level="error", category="load")
