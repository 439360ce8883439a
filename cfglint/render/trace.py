"""A trace as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint.engine import Trace
from cfglint.render.printable import printable
from cfglint.secrets import mask
from cfglint.simulate.answer import Answer
from cfglint.source import Place


def as_json(trace: Trace) -> Iterator[str]:
    """One object: the target and each request's answers."""
    yield (dumps({"target": trace.target, "requests": [_request(answer) for answer in trace.answers]}, indent=1) + "\n")


def _request(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "statuses": list(answer.statuses),
        "certain": answer.certain,
        "decided_by": _place(answer.decided_by) if answer.decided_by is not None else None,
        "check": answer.check,
        "steps": [
            {**(_place(step.place) if step.place else {"path": None, "start": None, "end": None}), "text": step.text}
            for step in answer.steps
        ],
        "unknowns": list(answer.unknowns),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.source.path, "start": place.start._asdict(), "end": place.end._asdict()}


def as_text(trace: Trace) -> Iterator[str]:
    """Numbered steps, the answers as the client sees them, and the line that decides."""
    for answer in trace.answers:
        yield f"{printable(answer.id)}: {' -> '.join(map(str, answer.statuses))} ({trace.target})\n"
        for number, step in enumerate(answer.steps, start=1):
            where = ""
            if step.place is not None:
                where = f" ({printable(step.place.source.path)}:{step.place.start.line})"
            yield f"  {number:2}. {printable(step.text)}{where}\n"
        if answer.decided_by is not None:
            place = answer.decided_by
            line = printable(mask(place.source.line_text(place.span.start)).text.strip())
            yield f"  decided by {printable(place.source.path)}:{place.start.line}: {line}\n"
        for unknown in answer.unknowns:
            yield f"  not known: {printable(unknown)}\n"
        yield "\n"
