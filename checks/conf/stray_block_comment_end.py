"""A --; that closes no block comment makes the server ignore the rest of the file.

Why it matters: main/config.c:config_text_file_load counts open block comments, takes one off at every `--;`, and reads
lines only while the count is zero. Without an open comment it becomes -1, and all that follows counts as a comment,
through the later files of the same #include pattern, too. A value or comment that ends in two dashes right before a
semicolon is enough.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again; a `;--` further down.

Fix: put a blank between the dashes and the semicolon, or delete the `--;`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert
from cfglint.findings import Defect, Note
from cfglint.resolve.asterisk import IN_COMMENT, STRAY_CLOSE, Config
from cfglint.source import Place, Span

from ._hidden import hidden

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\ncallerid=Desk «--;» kitchen\nhost=dynamic\n",
        good="[1001]\ntype=friend\ncallerid=Desk ; kitchen\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\ncallerid=Desk -- ; kitchen\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n;--- old phones\n;[1000]\n«--;»\n[1002]\ntype=friend\n",
        good="[1001]\ntype=friend\n;-- old phones\n[1000]\n--;\n[1002]\ntype=friend\n",
        fixed="[1001]\ntype=friend\n;--- old phones\n;[1000]\n\n[1002]\ntype=friend\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind != STRAY_CLOSE:
            continue
        source, (start, _) = problem.place
        marks = config.trees[source].marks
        end = next((m.offset for m in marks if m.offset > start and m.depth == 0), len(source.text))
        lost = hidden(
            source, source.line_span(start).end, source.line_span(end).start if end < len(source.text) else end
        )
        later = [p for p in config.problems if p.kind == IN_COMMENT and p.other == problem.place]
        notes = tuple(Note(p.place, "this file is ignored, too") for p in later)
        what = f"and {lost.text} below" if lost else "and the files that follow" if later else "and what will follow"
        level, category = (None, None) if lost or later else ("info", "load")
        text = f"'--;' closes no block comment here: the server ignores the rest of the line {what}"
        yield Defect(problem.place, text, notes, problem.place, level, category)


def fix(place: Place) -> Fix:
    source, (start, end) = place
    if source.line_text(start).strip() == "--;":
        return Fix("delete it", (delete(Place(source, Span(start, end))),))
    return Fix("part the dashes from the semicolon", (insert(source, start + 2, " "),))


CHECK = Check(find, level="error", category="answer", fix=fix)
