"""Something stands behind #!else or #!endif.

Why it matters: core/cfg.lex only knows these two with nothing but blanks up to the end of the line; with anything
else behind them, a comment too, they are comments, and the condition stays open or is never turned.

Log: Nothing.

Fix: leave the remark out. Safe: the word alone is what the line says.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import TEXT_BEHIND_DIRECTIVE, Problem

from ._problems import notes, of_kind

EXAMPLES = [
    Example(
        bad="#!ifdef A\ndebug=3\n«#!else # B»\ndebug=2\n#!endif\nrequest_route {\n    exit;\n}\n",
        good="#!ifdef A\ndebug=3\n#!else\ndebug=2\n#!endif\nrequest_route {\n    exit;\n}\n",
        fixed="#!ifdef A\ndebug=3\n#!else\ndebug=2\n#!endif\nrequest_route {\n    exit;\n}\n",
        targets=("kamailio=5.6",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, TEXT_BEHIND_DIRECTIVE):
        yield Defect(
            problem.place, f"with something behind it #!{problem.detail} is a comment", notes(problem), problem
        )


def fix(problem: Problem) -> Fix | None:
    return Fix("leave the remark out", (replace(problem.place, f"#!{problem.detail}"),), SAFE)


CHECK = Check(find, level="warning", category="load", fix=fix)
