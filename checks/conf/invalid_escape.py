"""A line begins with a backslash and a character that cannot be escaped.

Why it matters: a backslash at the start of a line is meant for a name that begins with `[`, `#` or `;`. Before a blank,
at the end of the line, or before a byte above 127 (an accented letter; on machines like x86, where a char has a sign)
main/config.c:process_text_line gives up, and the server rejects the whole configuration. An included file ends at that
line.

Client sees: any request -> no answer

Log:
    Invalid escape in line ... of ...
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: delete the backslash. There is no way to continue a line.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config
from cfglint.source import Place, Span
from cfglint.syntax.asterisk import BAD_ESCAPE

from ._loading import stopping

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«\\ »host=dynamic\n",
        good="[1001]\ntype=friend\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\n host=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n«\\»\nhost=dynamic\n",
        good="[1001]\ntype=friend\n\\#tag=x\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\n\nhost=dynamic\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind == BAD_ESCAPE:
            yield stopping(config, problem, "a backslash cannot stand here at the start of a line", (), problem.place)


def fix(place: Place) -> Fix:
    start = place.span.start
    return Fix("delete the backslash", (delete(Place(place.source, Span(start, start + 1))),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
