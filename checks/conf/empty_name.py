"""A line has no name in front of its equals sign.

Why it matters: main/config.c:process_text_line ignores the line, so a value that somebody wrote has no effect: an
address of a list, a password, the second half of a line that was wrapped.

Log:
    No variable name in line ... of ...

Fix: write the option's name in front of the equals sign, or begin the line with a semicolon if it is decoration.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, insert
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config
from cfglint.source import Place
from cfglint.syntax.asterisk import NO_KEY

EXAMPLES = [
    Example(bad="[1001]\ntype=friend\n«=dynamic»\n", good="[1001]\ntype=friend\nhost=dynamic\n"),
    Example(
        bad="[general]\n«==========»\n[1001]\ntype=friend\n",
        good="[general]\n;=========\n[1001]\ntype=friend\n",
        fixed="[general]\n; ==========\n[1001]\ntype=friend\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind != NO_KEY:
            continue
        if any(c.isalnum() for c in problem.place.text):
            yield Defect(problem.place, "no name stands in front of '=', and the line is ignored")
        else:
            text = "decoration without a semicolon: the server ignores the line with a warning"
            yield Defect(problem.place, text, (), problem.place, "info")


def fix(place: Place) -> Fix | None:
    if ";" in place.source.line_text(place.span.start):
        return None
    return Fix("make it a comment", (insert(place.source, place.span.start, "; "),), SAFE)


CHECK = Check(find, level="warning", category="load", fix=fix)
