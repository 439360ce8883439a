"""A line in a section has no equals sign.

Why it matters: main/config.c:process_text_line ignores the line with a warning in the log, so the option is missing:
no `host`, no `secret`, no `permit`. Often the equals sign was forgotten, or the line belongs to the one above it; there
is no way to continue a line.

Fix: write `name = value`, or begin the line with a semicolon if it is a comment.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config
from cfglint.syntax.asterisk import NO_EQUALS

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«host dynamic»\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind == NO_EQUALS:
            yield Defect(problem.place, "the line has no '=' and is ignored")


CHECK = Check(find, level="warning", category="load")
