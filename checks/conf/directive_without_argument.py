"""An #include, #tryinclude or #exec names nothing.

Why it matters: main/config.c:process_text_line ignores the line. Whatever was to be included is missing: sections,
templates, passwords.

Log:
    Directive '#...' needs an argument (...) at line ... of ...

Fix: name the file, or delete the line. Only the latter can be done automatically; unsafe, as something was to be
included.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.resolve.asterisk import NO_ARGUMENT, Config
from cfglint.source import Place

EXAMPLES = [
    Example(
        bad="[general]\n«#include»\n",
        good={"sip.conf": "[general]\n#include phones.conf\n", "phones.conf": "[1001]\ntype=friend\n"},
        fixed="[general]\n",
    ),
    Example(
        bad="[general]\n«#tryinclude» ; phones.conf\n",
        good="[general]\n#tryinclude phones.conf\n",
        fixed="[general]\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind == NO_ARGUMENT:
            yield Defect(
                problem.place, f"'#{problem.detail}' names no file, and the line is ignored", subject=problem.place
            )


def fix(place: Place) -> Fix:
    source = place.source
    return Fix("delete the line", (delete(Place(source, source.line_span(place.span.start))),))


CHECK = Check(find, level="warning", category="load", fix=fix)
