"""What belongs to a finding besides its message, as plain lines for formats that have no place of their own for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cfglint.findings import Finding
from cfglint.render.printable import printable


def answers(finding: Finding) -> str:
    """What the client sees, such as ``REGISTER -> 401 -> 403``; empty where nothing is known of it."""
    if not finding.answers:
        return ""
    return " -> ".join((finding.request or "request", *map(str, finding.answers)))


def details(finding: Finding, path_of: Callable[[str], str] = str) -> Iterator[str]:
    """Notes with their places, the answers, and the fix; `path_of` names a file."""
    for note in finding.notes:
        yield f"note: {printable(note.text)} ({printable(path_of(note.place.source.path))}:{note.place.start.line})"
    if finding.answers:
        yield f"the phone sees: {answers(finding)}"
    if finding.fix is not None:
        yield f"{finding.fix.safety} fix: {printable(finding.fix.title)}"
