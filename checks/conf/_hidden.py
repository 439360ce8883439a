"""What a stretch of a file would say if it were not taken for a comment."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source, Span
from cfglint.syntax.comments import BLANKS


class Hidden(NamedTuple):
    """The headers of sections in a stretch, and how many other lines are neither blank nor comments."""

    headers: tuple[Place, ...]
    lines: int

    def __bool__(self) -> bool:
        return bool(self.headers or self.lines)

    @property
    def text(self) -> str:
        """For a message: the first sections by name, else the number of lines."""
        names = [place.text for place in self.headers]
        if not names:
            return "1 line" if self.lines == 1 else f"{self.lines} lines"
        more = len(names) - 3
        shown = ", ".join(names[:3])
        return f"{shown} and {more} more" if more > 0 else shown


def hidden(source: Source, start: int, end: int) -> Hidden:
    """What lies between two offsets, which count as line starts."""
    headers, lines, offset = [], 0, start
    for line in source.text[start:end].split("\n"):
        text = line.strip(BLANKS)
        if text.startswith("[") and "]" in text:
            at = offset + line.index("[")
            headers.append(Place(source, Span(at, at + text.index("]") + 1)))
        elif text and text[0] != ";":
            lines += 1
        offset += len(line) + 1
    return Hidden(tuple(headers), lines)
