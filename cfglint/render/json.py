"""A report as one JSON object; secrets never stand in it, and a finding's fingerprint survives moved lines."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from json import dumps
from typing import Any

from cfglint import __version__
from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.secrets import mask, mask_replacement
from cfglint.source import Place


def render(report: Report, *, color: bool = False, quiet: bool = False) -> Iterator[str]:
    """The report as text; bytes that are not UTF-8 come as escaped lone surrogates."""
    yield dumps(as_data(report), ensure_ascii=True, indent=1) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    levels = [finding.level for finding in report.findings]
    return {
        "cfglint": __version__,
        "targets": report.targets.shown(),
        "findings": [
            _finding(finding, fingerprint)
            for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True)
        ],
        "failures": [failure._asdict() for failure in report.failures],
        "summary": {
            "files": len(report.sources),
            "errors": levels.count("error"),
            "warnings": levels.count("warning"),
            "infos": levels.count("info"),
            "fixable": sum(finding.fix is not None for finding in report.findings),
        },
    }


def _finding(finding: Finding, fingerprint: str) -> dict[str, Any]:
    fix = finding.fix
    return {
        "check": finding.check,
        "level": finding.level,
        "category": finding.category,
        "message": finding.message,
        **_place(finding.place),
        "request": finding.request,
        "answers": list(finding.answers) or None,
        "notes": [{**_place(note.place), "message": note.text} for note in finding.notes],
        "fix": None
        if fix is None
        else {
            "title": fix.title,
            "safety": fix.safety,
            "edits": [{**_place(e.place), "replacement": mask_replacement(e.place, e.replacement)} for e in fix.edits],
        },
        "fingerprint": fingerprint,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.source.path, "start": place.start._asdict(), "end": place.end._asdict()}


def fingerprints(findings: list[Finding]) -> Iterator[str]:
    """A name for each finding made of check, path and the line's text (secrets masked); equal ones are numbered."""
    seen: dict[str, int] = {}
    for finding in findings:
        line = mask(finding.place.source.line_text(finding.place.span.start)).text.strip()
        name = "\0".join((finding.check, finding.place.source.path, line))
        ordinal = seen[name] = seen.get(name, 0) + 1
        yield sha256(f"{name}\0{ordinal}".encode("utf-8", "surrogateescape")).hexdigest()[:20]
