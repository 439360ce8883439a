"""A block comment is never closed and hides the rest of the file.

Why it matters: `;--` opens a block comment wherever it stands, unless a third dash follows, and only `--;` closes it;
such comments nest (main/config.c:config_text_file_load). So a line of decoration like `;-- phones --` makes every
section below it vanish, and with them those in the files that the same #include pattern matches later. Where nothing
follows that could be hidden this is only told as an information.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log:
    Unterminated comment detected beginning on line ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again, another transport.

Fix: write `;---` for decoration, escape a semicolon that belongs to a value (`\\;`), or close the comment with `--;`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.resolve.asterisk import IN_COMMENT, OPEN_COMMENT, Config, Problem
from cfglint.source import Place, Span
from cfglint.syntax.comments import BLANKS

from ._hidden import hidden

EXAMPLES = [
    Example(
        bad="[general]\nallowguest=no\n«;--» phones --\n[1001]\ntype=friend\n",
        good="[general]\nallowguest=no\n;--- phones ---\n[1001]\ntype=friend\n",
        fixed="[general]\nallowguest=no\n;--- phones --\n[1001]\ntype=friend\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nsecret=s3c«;--»ret\nhost=dynamic\n[1002]\ntype=friend\n",
        good="[1001]\ntype=friend\nsecret=s3c\\;--ret\nhost=dynamic\n[1002]\ntype=friend\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n«;--» old\n[1002]\n;-- until here\n--;\n[1003]\ntype=friend\n",
        good="[1001]\ntype=friend\n;-- old\n[1002]\n--;\n[1003]\ntype=friend\n",
    ),
    Example(
        bad={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n«;--» end --\n",
            "phones.d/2.conf": "[1002]\ntype=friend\n",
        },
        good={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n; end\n",
            "phones.d/2.conf": "[1002]\ntype=friend\n",
        },
        fixed={
            "sip.conf": "[general]\n#include phones.d/*.conf\n",
            "phones.d/1.conf": "[1001]\ntype=friend\n;--- end --\n",
            "phones.d/2.conf": "[1002]\ntype=friend\n",
        },
    ),
]


def find(config: Config) -> Iterator[Defect]:
    within: dict[Place | None, list[Place]] = {}
    for problem in config.problems:
        if problem.kind == IN_COMMENT:
            within.setdefault(problem.other, []).append(problem.place)
    for problem in config.problems:
        if problem.kind != OPEN_COMMENT:
            continue
        source, (start, _) = problem.place
        lost = hidden(source, source.line_span(start).end, len(source.text))
        later = within.get(problem.place, [])
        notes = [Note(place, "this file begins within the comment") for place in later]
        nested = next((m for m in config.trees[source].marks if m.offset > start and m.depth == 2), None)
        if nested is not None:
            place = Place(source, Span(nested.offset, nested.offset + 3))
            notes.append(Note(place, "comments nest: this opens another one, which has to be closed first"))
        what = f"hides {lost.text}" if lost else "hides the files that follow" if later else "hides nothing yet"
        level, category = (None, None) if lost or later else ("info", "load")
        text = f"a block comment begins here that never ends and {what}; {_remedy(problem)}"
        yield Defect(problem.place, text, tuple(notes), problem.place, level, category)


def _remedy(problem: Problem) -> str:
    if not _at_start(problem.place):
        return "write '\\;' for a semicolon that is part of the value"
    if _decorative(problem.place):
        return "write ';---' or '; --' for decoration"
    return "close it with '--;', or write '; --' for a comment of one line"


def _at_start(place: Place) -> bool:
    source, (start, _) = place
    return not source.text[source.line_span(start).start : start].strip(BLANKS + "\ufeff")


def _decorative(place: Place) -> bool:
    """A title between dashes."""
    line = place.source.line_text(place.span.start).strip()
    return _at_start(place) and line.endswith("-") and ";" not in line[1:]


def fix(place: Place) -> Fix | None:
    if not _decorative(place):
        return None
    return Fix("make it a comment of one line", (insert(place.source, place.span.end, "-"),))


CHECK = Check(find, level="error", category="answer", fix=fix)
