"""A report as one JSON object; secrets never stand in it, and a finding's fingerprint survives moved lines."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint import __version__
from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.fingerprint import fingerprints
from cfglint.secrets import reveals
from cfglint.source import Place


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """The report, a line for each finding; bytes that are not UTF-8 come as escaped lone surrogates."""
    members = ",\n".join(f"{dumps(name)}: {_lines(value)}" for name, value in as_data(report).items())
    yield f"{{{members}}}\n"


def _lines(value: Any) -> str:
    """JSON with the items of a list on lines of their own: indenting all of it takes ten times as long."""
    if not isinstance(value, list):
        return dumps(value)
    return "[" + ",".join("\n" + dumps(item) for item in value) + "]"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data; `cfglint fix` shows what remains with it, too."""
    levels = [finding.level for finding in report.findings]
    return {
        "cfglint": __version__,
        "targets": report.shown_targets(),
        "findings": [
            finding_data(finding, fingerprint)
            for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
        ],
        "failures": [failure._asdict() for failure in report.failures],
        "summary": {
            "files": len(report.sources),
            "errors": levels.count("error"),
            "warnings": levels.count("warning"),
            "infos": levels.count("info"),
            "fixable": sum(finding.fix is not None for finding in report.findings),
            **({"known": report.known} if report.known else {}),
        },
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
