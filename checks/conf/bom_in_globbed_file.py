"""A byte order mark stands elsewhere than at the start of the first file.

Why it matters: main/config.c:config_text_file_load skips the mark (the bytes EF BB BF) in line 1 only, and the lines of
all files that one #include pattern matches are counted on. So in the second and every later file, and in the middle of
a file that was put together from several, the mark becomes part of its line. A header behind it is none any more: its
section is missing and its options go to the section above. The line is ignored.

Client sees: a phone whose section is lost: REGISTER -> 401 -> 403; the same in pjsip.conf: REGISTER -> 401 -> 401

Log: The mark itself is not to be seen there.
    No '=' (equal sign) in line ... of ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the line again behind the mark.

Fix: delete the mark, and save files as UTF-8 without it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.resolve.asterisk import LATE_BOM, NO_CATEGORY, Config
from cfglint.source import Place, Span
from cfglint.syntax.asterisk import NO_EQUALS

EXAMPLES = [
    Example(
        bad={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n",
            "phones.d/2.conf": "«\ufeff»[1002]\ntype=friend\n",
        },
        good={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n",
            "phones.d/2.conf": "[1002]\ntype=friend\n",
        },
        fixed={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n",
            "phones.d/2.conf": "[1002]\ntype=friend\n",
        },
    ),
    Example(
        bad="[1001]\ntype=friend\n«\ufeff»[1002]\ntype=friend\n",
        good="[1001]\ntype=friend\n[1002]\ntype=friend\n",
        fixed="[1001]\ntype=friend\n[1002]\ntype=friend\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    seen = set()
    for problem in config.problems:
        source, (start, _) = problem.place
        place = Place(source, Span(start, start + 1))
        if problem.kind not in (LATE_BOM, NO_EQUALS, NO_CATEGORY) or place.text != "\ufeff" or place in seen:
            continue
        seen.add(place)
        rest = source.line_text(start).lstrip()[1:].strip()
        if rest.startswith("["):
            name = rest[1:].partition("]")[0]
            yield Defect(
                place, f"an invisible byte order mark hides the header: there is no section [{name}]", (), place
            )
        elif rest and rest[0] != ";":
            text = "an invisible byte order mark is part of this line, which therefore does not count as written"
            yield Defect(place, text, (), place, "warning", "load")
        else:
            text = "an invisible byte order mark here makes the server warn of a line without '='"
            yield Defect(place, text, (), place, "info", "load")


def fix(place: Place) -> Fix:
    return Fix("delete the byte order mark", (delete(place),))


CHECK = Check(find, level="error", category="answer", fix=fix)
