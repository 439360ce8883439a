"""A drawing of the messages between a client and a server, as inline SVG."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cfglint.render.printable import printable
from cfglint.simulate.answer import REFUSED, Exchange, Status
from cfglint.symptoms import STATUSES

WIDTH, LEFT, RIGHT = 400, 70, 330
"""Of the drawing, and where the two lanes are, in units of the drawing; small enough to be read on a telephone."""
TOP, MESSAGE, GAP = 62, 46, 12
"""Below the names of the lanes, between a request and its answer, and between one exchange and the next."""
MAX_NAME = 22
"""A longer name is cut."""


def draw(client: tuple[str, str], server: tuple[str, str], exchanges: tuple[Exchange, ...]) -> str:
    """The ladder: names of client and server with a line below each."""
    height = TOP + len(exchanges) * (2 * MESSAGE + GAP)
    said = f"{client[0]} and {server[0]}: " + ", ".join(f"{e.method}, {_name(e.status)}" for e in exchanges)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{_text(said)}">'
        f'<line class="lane" x1="{LEFT}" y1="{TOP - 14}" x2="{LEFT}" y2="{height}"/>'
        f'<line class="lane" x1="{RIGHT}" y1="{TOP - 14}" x2="{RIGHT}" y2="{height}"/>'
        f"{_lane(LEFT, client)}{_lane(RIGHT, server)}{''.join(_exchanges(exchanges))}</svg>"
    )


def _lane(at: int, names: tuple[str, str]) -> str:
    name, below = (_text(text if len(text) <= MAX_NAME else text[: MAX_NAME - 1] + "…") for text in names)
    return (
        f'<text x="{at}" y="18" text-anchor="middle">{name}</text>'
        f'<text class="small" x="{at}" y="34" text-anchor="middle">{below}</text>'
    )


def _exchanges(exchanges: tuple[Exchange, ...]) -> Iterator[str]:
    y, number = TOP + 24, 0
    for place, exchange in enumerate(exchanges):
        first, number = number + 1, number + len(exchange.steps)
        steps = " ".join(map(str, range(first, number + 1)))
        yield f'<g data-at="{steps}">{_label(y, exchange.method, exchange.credentials or "no credentials")}'
        lost = exchange.status == REFUSED
        yield _arrow(LEFT, RIGHT - (40 if lost else 0), y) + (_cross(RIGHT - 40, y) if lost else "") + "</g>"
        y += MESSAGE
        final = place == len(exchanges) - 1
        refusal = final and not (isinstance(exchange.status, int) and exchange.status < 300)
        yield f'<g data-at="{number}"{" class=refusal" if refusal else ""}>{_label(y, _name(exchange.status), "")}'
        if isinstance(exchange.status, int):
            yield _arrow(RIGHT, LEFT, y)
        yield "</g>"
        y += MESSAGE + GAP


def _label(y: int, text: str, below: str) -> str:
    middle = (LEFT + RIGHT) // 2
    shown = f'<text x="{middle}" y="{y - 6}" text-anchor="middle">{_text(text)}</text>'
    if below:
        shown += f'<text class="small" x="{middle}" y="{y + 15}" text-anchor="middle">{_text(below)}</text>'
    return shown


def _arrow(start: int, end: int, y: int) -> str:
    back = 9 if end < start else -9
    return f'<path class="arrow" d="M{start} {y}H{end}"/><path class="head" d="M{end} {y}l{back} -5v10z"/>'


def _cross(x: int, y: int) -> str:
    return f'<path class="arrow" d="M{x} {y - 8}l16 16m0 -16l-16 16"/>'


def _name(status: Status) -> str:
    if status in STATUSES:
        name = STATUSES[status].name
        return f"{status} {name}" if isinstance(status, int) else name
    return str(status)


def _text(text: str) -> str:
    return escape(printable(text))
