"""One fix as it is shown before somebody decides about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfglint.admission import Change
from cfglint.edits import Draft, Edit
from cfglint.findings import Finding
from cfglint.render.printable import printable
from cfglint.source import Source


def proposal(finding: Finding, changes: Sequence[Change]) -> Iterator[str]:
    """The finding, the fix with its patch, and whom it helps or hurts, line by line."""
    assert finding.fix is not None
    start = finding.place.start
    where = f"{finding.place.source.path}:{start.line}:{start.column}"
    yield f"{printable(where)}: {finding.level}: {printable(finding.message)} [{finding.check}]"
    yield f"{finding.fix.safety} fix: {printable(finding.fix.title)}"
    by_source: dict[Source, list[tuple[Edit, str]]] = {}
    for edit in finding.fix.edits:
        by_source.setdefault(edit.place.source, []).append((edit, finding.check))
    for source, edits in by_source.items():
        draft = Draft(source)
        draft.apply(edits)
        yield from map(printable, draft.diff().rstrip("\n").split("\n"))
    told = [printable(str(change)) for change in changes if change.telling]
    yield from told or ["no account is let in or refused by that"]
