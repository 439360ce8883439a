"""What belongs to a finding besides its message, as plain lines for formats that have no place of their own for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cfglint.evidence import Evidence
from cfglint.findings import Finding
from cfglint.render.printable import printable
from cfglint.simulate.answer import Step


def answers(finding: Finding) -> str:
    """What the client sees, such as ``REGISTER -> 401 -> 403``; empty where nothing is known of it."""
    if not finding.answers:
        return ""
    return " -> ".join((finding.request or "request", *map(str, finding.answers)))


def summary(shown: Evidence) -> str:
    """Who sends what, and what the server answers."""
    return f"{shown.request.method} of {shown.who} -> {' -> '.join(map(str, shown.answer.statuses))} ({shown.server})"


def steps(taken: Iterable[Step], path_of: Callable[[str], str] = str) -> Iterator[str]:
    """Steps of the server with the lines that they follow; `path_of` names a file."""
    for step in taken:
        where = f" ({printable(path_of(step.place.source.path))}:{step.place.start.line})" if step.place else ""
        yield printable(step.text) + where


def details(finding: Finding, path_of: Callable[[str], str] = str, shown: Evidence | None = None) -> Iterator[str]:
    """Notes with their places, the answers, the fix, and the simulated steps; `path_of` names a file."""
    for note in finding.notes:
        yield f"note: {printable(note.text)} ({printable(path_of(note.place.source.path))}:{note.place.start.line})"
    if finding.answers:
        yield f"the phone sees: {answers(finding)}"
    if finding.fix is not None:
        yield f"{finding.fix.safety} fix: {printable(finding.fix.title)}"
    if shown is not None:
        yield f"simulated: {printable(summary(shown))}"
        yield from (f"  {number}. {step}" for number, step in enumerate(steps(shown.answer.steps, path_of), start=1))
