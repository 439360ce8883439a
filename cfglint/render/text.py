"""A report for people at a terminal: the line, the span marked below it, notes, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.engine import Report
from cfglint.findings import LEVELS, Finding, Note
from cfglint.render.printable import printable
from cfglint.source import Place
from cfglint.tally import Tally, tally

COLORS = {"error": "1;31", "warning": "1;33", "info": "1;36", "note": "1;34", "bold": "1", "faint": "2"}


class Painter:
    """Wraps words in terminal colours, or leaves them alone."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, style: str) -> str:
        """The text in a style of `COLORS`."""
        return f"\x1b[{COLORS[style]}m{text}\x1b[0m" if self.color else text


class Text:
    """Findings in full, part after part, and a summary of all."""

    def __init__(self, *, color: bool = False, quiet: bool = False) -> None:
        self._paint = Painter(color)
        self._quiet = quiet

    def part(self, report: Report) -> Iterator[str]:
        """The findings of the next part."""
        for finding in report.findings:
            yield "\n".join(_finding(finding, self._paint)) + "\n\n"

    def end(self, total: Tally) -> Iterator[str]:
        """What all parts come to."""
        if not self._quiet:
            yield summary(total, self._paint) + "\n"


class Concise:
    """One line per finding, as compilers write them."""

    def __init__(self, *, color: bool = False, quiet: bool = False) -> None:
        self._paint = Painter(color)

    def part(self, report: Report) -> Iterator[str]:
        """The findings of the next part."""
        for finding in report.findings:
            yield _headline(finding, self._paint) + "\n"

    def end(self, total: Tally) -> Iterator[str]:
        """Nothing."""
        yield from ()


def render(report: Report, *, color: bool = False, quiet: bool = False) -> Iterator[str]:
    """A whole report, piece by piece."""
    text = Text(color=color, quiet=quiet)
    yield from text.part(report)
    yield from text.end(tally(report))


def summary(total: Tally, paint: Painter) -> str:
    """How much was looked at and what was found."""
    files = amount(total.files, "file")
    rest = f"; {amount(total.known, 'known finding')} not shown" if total.known else ""
    rest += "; not everything could be checked" if total.failures else ""
    if not total.worst:
        if not total.files:
            return paint("nothing was checked", "bold")
        return f"{paint('nothing to report', 'bold')} in {files}{rest}"
    text = f"{paint(counted(total), 'bold')} in {files}"
    safe, unsafe = total.fixes["safe"], total.fixes["unsafe"]
    if safe:
        text += f"; 'cfglint fix' mends {safe}"
    if unsafe:
        text += f"; 'cfglint fix --unsafe' {'mends' if not safe else 'also mends'} {unsafe}"
    return text + rest


def counted(total: Tally) -> str:
    """Such as ``2 errors, 1 info``."""
    return ", ".join(amount(total.levels[level], level) for level in reversed(LEVELS) if total.levels[level])


def amount(number: int, word: str) -> str:
    """Such as ``1 error`` or ``2 errors``."""
    return f"{number} {word}" if number == 1 or word == "info" else f"{number} {word}s"


def _headline(finding: Finding, paint: Painter) -> str:
    start = finding.place.start
    where = f"{printable(finding.place.source.path)}:{start.line}:{start.column}"
    level = paint(finding.level, finding.level)
    return f"{paint(where, 'bold')}: {level}: {printable(finding.message)} {paint(f'[{finding.check}]', 'faint')}"


def _finding(finding: Finding, paint: Painter) -> Iterator[str]:
    yield _headline(finding, paint)
    width = max(len(str(place.start.line)) for place in (finding.place, *(note.place for note in finding.notes)))
    yield from _excerpt(finding.place, width, paint, finding.level)
    for note in finding.notes:
        yield from _note(note, finding.place, width, paint)
    if finding.answers:
        answers = " -> ".join(map(str, finding.answers))
        yield f"{' ' * width} = {paint('the phone sees', 'note')}: {finding.request or 'request'} -> {answers}"
    if finding.fix is not None:
        yield f"{' ' * width} = {paint(f'{finding.fix.safety} fix', 'note')}: {printable(finding.fix.title)}"


def _excerpt(place: Place, width: int, paint: Painter, style: str) -> Iterator[str]:
    from cfglint.render.excerpt import excerpt  # slow to import, and a clean tree needs none

    line = excerpt(place)
    number = str(line.number).rjust(width)
    yield f"{paint(number, 'faint')} | {line.before}{line.marked}{line.behind}".rstrip()
    yield f"{' ' * width} | {' ' * len(line.before)}{paint('^' * max(len(line.marked.expandtabs(8)), 1), style)}"


def _note(note: Note, main: Place, width: int, paint: Painter) -> Iterator[str]:
    start = note.place.start
    where = f"{printable(note.place.source.path)}:{start.line}"
    yield f"{' ' * width} = {paint('note', 'note')}: {printable(note.text)} ({where})"
    if note.place.source is not main.source or start.line != main.start.line:
        yield from _excerpt(note.place, width, paint, "note")
