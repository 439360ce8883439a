"""A trace as text or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json import dumps
from typing import Any

from cfglint.remedies import Advice
from cfglint.render.printable import printable
from cfglint.secrets import mask
from cfglint.simulate.answer import Answer
from cfglint.simulate.phone import Phone
from cfglint.source import Place
from cfglint.tracing import Trace


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
        "otherwise": [
            {
                "conditions": list(other.conditions),
                "status": other.status,
                "decided_by": _place(other.decided_by) if other.decided_by is not None else None,
            }
            for other in answer.otherwise
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.source.path, "start": place.start._asdict(), "end": place.end._asdict()}


def as_text(trace: Trace, advice: Mapping[str, Advice], phone: Phone | None = None) -> Iterator[str]:
    """Numbered steps, the answers as the client sees them, the line that decides, and what would change it."""
    if phone is not None:
        yield (
            f"type into the phone: User ID {printable(phone.user_id)}, Auth ID {printable(phone.auth_id)},"
            f" domain {printable(phone.domain)}, transport {phone.transport.upper()}\n\n"
        )
    for answer in trace.answers:
        yield f"{printable(answer.id)}: {' -> '.join(map(str, answer.statuses))} ({trace.target})\n"
        for number, step in enumerate(answer.steps, start=1):
            where = f" ({_where(step.place)})" if step.place is not None else ""
            yield f"  {number:2}. {printable(step.text)}{where}\n"
        if answer.decided_by is not None:
            line = mask(answer.decided_by.source.line_text(answer.decided_by.span.start)).text.strip()
            yield f"  decided by {_where(answer.decided_by)}: {printable(line)}\n"
        for unknown in answer.unknowns:
            yield f"  not known: {printable(unknown)}\n"
        for other in answer.otherwise:
            where = f" ({_where(other.decided_by)})" if other.decided_by is not None else ""
            yield f"  would be {other.status}{where} if: {'; '.join(map(printable, other.conditions))}\n"
        yield from _advice(advice.get(answer.id))
        yield "\n"


def _advice(advice: Advice | None) -> Iterator[str]:
    for finding in advice.remedies if advice is not None else ():
        assert finding.fix is not None
        where = _where(finding.place)
        yield f"  would change it: {printable(finding.fix.title)} ({where}, {finding.check}, {finding.fix.safety})\n"
    for text in advice.futile if advice is not None else ():
        yield f"  will not help: {printable(text)}\n"


def _where(place: Place) -> str:
    return f"{printable(place.source.path)}:{place.start.line}"
