"""The text of one file, spans in it, and the line table that turns offsets into lines and columns.

Offsets are character offsets, half-open, into the text decoded as UTF-8 with ``surrogateescape`` and with newlines
untouched, so that ``encode(decode(data)) == data`` for any bytes. Lines and columns are 1-based and computed only when
something is shown. A line ends at ``\\n`` alone, as in both servers.
"""

from __future__ import annotations

from bisect import bisect_right

from cfglint.namedtuples import NamedTuple


def decode(data: bytes) -> str:
    """Text of a file's bytes; bytes that are not UTF-8 become lone surrogates and come back unchanged in `encode`."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` made the text from."""
    return text.encode("utf-8", "surrogateescape")


class Span(NamedTuple):
    """Half-open range of character offsets."""

    start: int
    end: int


class Position(NamedTuple):
    """1-based line and column (in characters)."""

    line: int
    column: int


class Source:
    """One file: the path to show and the decoded text."""

    __slots__ = ("_line", "_line_starts", "foreign", "path", "text")

    def __init__(self, path: str, text: str, foreign: bool = False) -> None:
        self.path = path
        self.text = text
        self.foreign = foreign
        """It lies outside of what was named, and is never changed."""
        self._line_starts: list[int] | None = None
        self._line: tuple[Span, str] = Span(-1, -1), ""

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if self._line_starts is None:
            starts = [0]
            find = self.text.find
            offset = find("\n")
            while offset >= 0:
                starts.append(offset + 1)
                offset = find("\n", offset + 1)
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line_span(self, offset: int) -> Span:
        """The line that holds an offset, its newline included."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Span(starts[line - 1], starts[line] if line < len(starts) else len(self.text))

    def line_text(self, offset: int) -> str:
        """The text of the line that holds an offset, without its line end."""
        span = self.line_span(offset)
        if span != self._line[0]:  # often the same is asked again, and it may be long
            self._line = span, self.text[span.start : span.end].rstrip("\r\n")
        return self._line[1]

    @property
    def newline(self) -> str:
        r"""The file's line end: ``\r\n`` when its first line ends so, else ``\n``."""
        end = self.text.find("\n")
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"


class Place(NamedTuple):
    """A span of one file."""

    source: Source
    span: Span

    @property
    def start(self) -> Position:
        """Where it begins."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Where it ends (the position behind its last character)."""
        return self.source.position(self.span.end)

    @property
    def text(self) -> str:
        """The text it covers."""
        return self.source.text[self.span.start : self.span.end]


def place(source: Source, start: int, end: int) -> Place:
    """The place from `start` to `end` in `source`."""
    return Place(source, Span(start, end))
