"""The mode line is not recognised.

Why it matters: core/cfg.lex only knows #!KAMAILIO with the newline right behind it. With a blank or a comment there
it is a comment, the compatible mode stays on, and a pseudo-variable that does not exist is silently taken for an
attribute that is always empty.

Log: Nothing.

Fix: end the line right behind the word. Unsafe: names that nothing knows are refused then.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import ODD_MODE_LINE, Problem

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad="«#!KAMAILIO # main»\nrequest_route {\n    exit;\n}\n",
        good="#!KAMAILIO\nrequest_route {\n    exit;\n}\n",
        fixed="#!KAMAILIO\nrequest_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, ODD_MODE_LINE):
        yield Defect(
            problem.place,
            f"with something behind it #!{problem.detail} is a comment, and the mode stays what it was",
            subject=problem,
        )


def fix(problem: Problem) -> Fix | None:
    return Fix("end the line behind the word", (replace(problem.place, f"#!{problem.detail}"),))


CHECK = Check(find, level="warning", category="load", fix=fix)
