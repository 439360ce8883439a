"""A line looks like a directive and is a comment.

Why it matters: #!undef, #!elif, #!if and the like do not exist, and #!ifexp, #!defexp and #!defenv only from some
version on: the line is a comment, nothing is undone or decided, and an #!endif may lack its partner.

Log: Nothing.

Fix: use a directive that the version knows; #!redefine and #!trydefine replace most of what #!undef is wanted for.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import UNKNOWN_DIRECTIVE
from cfglint.syntax.kamailio.words import DIRECTIVES

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad="#!define A\n«#!undef» A\nrequest_route {\n    exit;\n}\n",
        good="#!define A\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="«#!defexp» A 1 + 2\nrequest_route {\n    exit;\n}\n",
        good="#!define A 3\nrequest_route {\n    exit;\n}\n",
        targets=("kamailio=5.6",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, UNKNOWN_DIRECTIVE):
        since = DIRECTIVES.get(problem.detail)
        text = f"before Kamailio {since[0]}.{since[1]}" if since is not None else "to Kamailio"
        yield Defect(problem.place, f"#!{problem.detail} means nothing {text}: the line is a comment")


CHECK = Check(find, level="warning", category="load")
