"""A line of configuration as it may be shown: secrets masked, control characters visible, the place set off."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.render.printable import printable
from cfglint.secrets import mask
from cfglint.source import Place

MAX_WIDTH = 160
"""A longer line is shown from near the place on."""


class Excerpt(NamedTuple):
    """The line's number, and its text before, at and behind the place."""

    number: int
    before: str
    marked: str
    behind: str


def excerpt(place: Place) -> Excerpt:
    """The line that a place begins in."""
    source, (start, end) = place.source, place.span
    line = source.line_span(start)
    masked = mask(source.line_text(start))
    first = masked.column(start - line.start)
    last = max(masked.column(min(end, line.end) - line.start), first + 1)
    text = masked.text
    offset = max(first - MAX_WIDTH // 2, 0) if len(text) > MAX_WIDTH else 0
    lead = "..." if offset else ""
    shown = text[offset : offset + MAX_WIDTH]
    return Excerpt(
        place.start.line,
        lead + printable(shown[: first - offset]).expandtabs(8),
        printable(shown[first - offset : last - offset].rstrip("\r")),
        printable(shown[last - offset :]),
    )
