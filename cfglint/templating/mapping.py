"""Rendered text, and where in which template each piece of it comes from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source, Span
from cfglint.templating.detection import SUFFIXES
from cfglint.templating.marks import ASSUMED, CLOSE, END, EXPRESSION, LITERAL, NUMBERS_END, OPEN
from cfglint.templating.sampling import COMMON, Sampler

_MARK = re.compile(
    f"{LITERAL}(?P<literal>[0-9]+,[0-9]+){NUMBERS_END}"
    f"|{EXPRESSION}(?P<expression>[0-9]+,[0-9]+,[0-9]+){NUMBERS_END}"
    f"|(?P<assumed>{ASSUMED}?)(?P<end>{END})"
    f"|{OPEN}(?P<unknown>[0-9]+){CLOSE}"
)

_OPEN = re.compile(
    r"\s*(?:#!(?:(?:try|re)?def(?:ine)?(?:_env\w*)?|ifn?def|ifexp|defexp\w*)\s+$|loadmodule|\#\s*(?:try)?include\b"
    r"|(?:[#!]!)?(?:include|import)_file\b|\[[^\]]*\]\s*\()"
)
"""Lines that bring in nobody knows what, where the value behind is not known."""

_SCRIPTS = tuple(f".cfg{suffix}" for suffix in ("", *SUFFIXES))


class Piece(NamedTuple):
    """Where some of a rendered text begins, and what of which template it is."""

    at: int
    template: str
    start: int
    end: int
    """Behind it in the template; of the template's own text, the same as `start`."""
    assumed: bool = False
    """Made of a value that nobody knows."""


class Rendered(NamedTuple):
    """What a template becomes."""

    text: str
    pieces: Sequence[Piece]
    values: Mapping[str, str]
    """What was put in for values that nobody knows, to the expressions that they are."""
    is_open: bool
    """Does a line of it stand for nobody knows what?"""

    def piece(self, offset: int) -> Piece | None:
        """What stands at an offset of the text."""
        number = bisect_right(self.pieces, offset, key=lambda piece: piece.at) - 1
        return self.pieces[max(number, 0)] if self.pieces else None

    def place(self, span: Span, sources: Mapping[str, Source]) -> Place | None:
        """Where in its template some of the text stands."""
        first, last = self.piece(span.start), self.piece(max(span.start, span.end - 1))
        if first is None or last is None:
            return None
        start = first.start + (0 if first.end > first.start else span.start - first.at)
        end = last.end if last.end > last.start else last.start + span.end - last.at
        source = sources[first.template]
        if last.template != first.template or end < start:
            end = max(first.end, start)
        return Place(source, Span(in_file(source, start), in_file(source, end)))

    def is_assumed(self, span: Span) -> bool:
        """Does any of it come from a value that nobody knows?"""
        return any(piece.assumed for piece in self._within(span))

    def is_all_assumed(self, span: Span) -> bool:
        """Does all of it?"""
        return all(piece.assumed for piece in self._within(span))

    def _within(self, span: Span) -> Sequence[Piece]:
        """The pieces that a span has a part in."""
        first, last = (
            bisect_right(self.pieces, offset, key=lambda piece: piece.at)
            for offset in (span.start, max(span.start, span.end - 1))
        )
        return self.pieces[max(first - 1, 0) : last]


class _Frame:
    """The template's own text, or an expression in it, in which others may stand."""

    def __init__(self, current: tuple[int, int, int] | None, first: int) -> None:
        self.own = self.current = current
        self.first = first
        """How many pieces there were before it."""

    @property
    def number(self) -> int:
        """The template's."""
        return self.current[0] if self.current is not None else 0


def unmarked(marked: str, paths: Sequence[str], texts: Mapping[str, str], sampler: Sampler) -> Rendered:
    """Text without its marks. `texts` are the templates by path, and `paths` those by number."""
    out: list[str] = []
    pieces: list[Piece] = []
    values: dict[str, str] = {}
    frames = [_Frame(None, 0)]
    length = at = 0
    line, is_open = "", False

    def emit(text: str, assumed: bool = False) -> None:
        nonlocal length, line
        if not text:
            return
        number, start, end = frames[-1].current or (0, 0, 0)
        if start == end and not texts[paths[number]].startswith(text, start):
            end = start + 1  # a filter has been over it
        pieces.append(Piece(length, paths[number], start, end, assumed))
        out.append(text)
        length += len(text)
        _, newline, rest = text.rpartition("\n")
        line = rest if newline else line + rest

    for mark in _MARK.finditer(marked):
        emit(marked[at : mark.start()])
        at = mark.end()
        kind = mark.lastgroup
        if kind == "literal":
            number, start = map(int, mark["literal"].split(","))
            frames[-1].current = number, start, start
        elif kind == "expression":
            number, start, end = map(int, mark["expression"].split(","))
            frames.append(_Frame((number, start, end), len(pieces)))
        elif kind == "end" and len(frames) > 1:
            frame = frames.pop()
            if mark["assumed"]:
                pieces[frame.first :] = [_assumed(piece, frame.own, paths) for piece in pieces[frame.first :]]
        elif kind == "unknown":
            end = marked.find("\n", at)
            after = _MARK.sub("", marked[at : end if end >= 0 else len(marked)])
            number, is_script = int(mark["unknown"]), paths[frames[-1].number].endswith(_SCRIPTS)
            if not line.strip():  # a line, or an option's name, that nobody knows
                is_open = True
                if after.strip():
                    emit("#" if is_script else ";", assumed=True)
                continue
            is_open = is_open or _OPEN.match(line) is not None
            value = sampler.value(number, line, after, is_script)
            if value not in COMMON:
                values[value] = sampler.label(number)
            emit(value, assumed=True)
    emit(marked[at:])
    return Rendered("".join(out), pieces, values, is_open)


def _assumed(piece: Piece, own: tuple[int, int, int] | None, paths: Sequence[str]) -> Piece:
    mine = own is not None and (piece.template, piece.start, piece.end) == (paths[own[0]], *own[1:])
    return piece._replace(assumed=True) if mine else piece


@lru_cache(maxsize=64)
def _line_starts(source: Source) -> list[int] | None:
    r"""Where the lines would begin if each ended with ``\n`` alone; None where each does."""
    text, starts = source.text, [0]
    if "\r\n" not in text:
        return None
    for start, end in zip(source.line_starts, source.line_starts[1:], strict=False):
        starts.append(starts[-1] + end - start - text.endswith("\r\n", start, end))
    return starts


def in_file(source: Source, offset: int) -> int:
    r"""The offset in a file of what stands at an offset of its text with ``\n`` for every line end."""
    starts = _line_starts(source)
    if starts is None:
        return offset
    line = bisect_right(starts, offset) - 1
    return source.line_starts[line] + offset - starts[line]
