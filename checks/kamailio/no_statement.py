"""The configuration holds no statement at all.

Why it matters: core/cfg.y needs at least one, and the server does not start with a file that is empty, holds nothing
but comments, or lies in conditions that do not hold.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: check that the right file was named, and which names its conditions ask for.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import NO_STATEMENT

from ._problems import of_kind

EXAMPLES = [Example(bad="«# nothing»\n", good="request_route {\n    exit;\n}\n")]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, NO_STATEMENT):
        yield Defect(problem.place, "there is no statement in this configuration, and the server does not start")


CHECK = Check(find, level="error", category="load")
