"""A report as one JSON object; secrets never stand in it, and a finding's fingerprint survives moved lines."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint import __version__
from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.fingerprint import Fingerprints, fingerprints
from cfglint.secrets import reveals
from cfglint.source import Place
from cfglint.tally import Tally, tally


class Json:
    """The object, a line for each finding, part after part; bytes that are not UTF-8 come as escaped lone surrogates.

    Indenting all of it would take ten times as long.
    """

    def __init__(self, *, color: bool = False, quiet: bool = False) -> None:
        self._fingerprints = Fingerprints()
        self._begun = False
        self._separator = ""

    def part(self, report: Report) -> Iterator[str]:
        """The findings of the next part."""
        if not self._begun:
            self._begun = True
            targets = dumps(report.shown_targets())
            yield f'{{"cfglint": {dumps(__version__)},\n"targets": {targets},\n"findings": ['
        for finding, fingerprint in zip(report.findings, self._fingerprints.of(report.findings), strict=True):
            yield f"{self._separator}\n{dumps(finding_data(finding, fingerprint))}"
            self._separator = ","

    def end(self, total: Tally) -> Iterator[str]:
        """What could not be checked, and what all parts come to."""
        failures = ",".join(f"\n{dumps(failure._asdict())}" for failure in total.failures)
        yield f'],\n"failures": [{failures}],\n"summary": {dumps(_summary(total))}}}\n'


def render(report: Report) -> Iterator[str]:
    """A whole report."""
    pieces = Json()
    yield from pieces.part(report)
    yield from pieces.end(tally(report))


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data: `cfglint fix` shows what remains with it."""
    return {
        "cfglint": __version__,
        "targets": report.shown_targets(),
        "findings": [
            finding_data(finding, fingerprint)
            for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
        ],
        "failures": [failure._asdict() for failure in report.failures],
        "summary": _summary(tally(report)),
    }


def _summary(total: Tally) -> dict[str, int]:
    return {
        "files": total.files,
        "errors": total.levels["error"],
        "warnings": total.levels["warning"],
        "infos": total.levels["info"],
        "fixable": sum(total.fixes.values()),
        **({"known": total.known} if total.known else {}),
    }


def finding_data(finding: Finding, fingerprint: str) -> dict[str, Any]:
    """A finding as plain data."""
    fix = finding.fix
    return {
        "check": finding.check,
        "level": finding.level,
        "category": finding.category,
        "message": finding.message,
        **place_data(finding.place),
        "request": finding.request,
        "answers": list(finding.answers) or None,
        "notes": [{**place_data(note.place), "message": note.text} for note in finding.notes],
        "fix": None
        if fix is None
        else {
            "title": fix.title,
            "safety": fix.safety,
            # All or none: half of a fix, or one with a masked password, would do harm.
            "edits": []
            if any(map(reveals, fix.edits))
            else [{**place_data(edit.place), "replacement": edit.replacement} for edit in fix.edits],
        },
        "fingerprint": fingerprint,
    }


def place_data(place: Place) -> dict[str, Any]:
    """A place as plain data."""
    return {"path": place.source.path, "start": place.start._asdict(), "end": place.end._asdict()}
