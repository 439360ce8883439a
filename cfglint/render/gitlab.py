"""A report for GitLab's merge requests: a Code Quality artifact.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps

from cfglint.engine import Report
from cfglint.evidence import Evidence, evidence
from cfglint.findings import Finding
from cfglint.fingerprint import fingerprints
from cfglint.render.checkout import Checkout
from cfglint.render.printable import printable
from cfglint.render.wording import answers, steps

SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """One JSON array; of findings with one fingerprint GitLab would show the first alone, so no two are equal."""
    checkout = Checkout()
    issues = [
        {
            "description": _description(finding, shown, checkout),
            "check_name": finding.check,
            "fingerprint": fingerprint,
            "severity": SEVERITIES[finding.level],
            "location": {
                "path": printable(checkout.path(finding.place.source.path)),
                "lines": {"begin": finding.place.start.line, "end": finding.place.end.line},
            },
        }
        for finding, fingerprint, shown in zip(
            report.findings, fingerprints(report.findings, checkout.path), evidence(report), strict=True
        )
    ]
    issues += [
        {
            "description": f"cfglint could not check everything: {printable(failure.message)}",
            "check_name": "not-checked",
            "fingerprint": f"not-checked-{number}",
            "severity": "blocker",
            "location": {
                "path": printable(checkout.path(failure.path)) if failure.path else ".",
                "lines": {"begin": failure.line or 1},
            },
        }
        for number, failure in enumerate(report.failures, start=1)
    ]
    yield dumps(issues, indent=1) + "\n"


def _description(finding: Finding, shown: Evidence | None, checkout: Checkout) -> str:
    """One line: the message, what the client sees, and the server's steps between the last message and its answer."""
    text = printable(finding.message) + (f" ({answers(finding)})" if finding.answers else "")
    if shown is not None:
        text += f". Simulated: {'; '.join(steps(shown.answer.exchanges[-1].steps, checkout.path))}"
    return text
