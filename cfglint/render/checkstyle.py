"""A report in the XML of Checkstyle, which many review tools and Jenkins' warnings plug-in read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.render.checkout import Checkout
from cfglint.render.wording import answers
from cfglint.render.xml import attributes


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """One document, a ``file`` element for each file with findings; what could not be checked is an error, too."""
    checkout = Checkout()
    yield '<?xml version="1.0" encoding="utf-8"?>\n<checkstyle version="8.0">\n'
    for failure in report.failures:
        values = {"line": failure.line or 1, "severity": "error", "message": failure.message}
        yield f"<file{attributes({'name': checkout.path(failure.path) if failure.path else 'cfglint'})}>\n"
        yield f"<error{attributes({**values, 'source': 'cfglint.not-checked'})}/>\n</file>\n"
    for path, findings in groupby(report.findings, key=lambda finding: finding.place.source.path):
        yield f"<file{attributes({'name': checkout.path(path)})}>\n"
        yield from map(_error, findings)
        yield "</file>\n"
    yield "</checkstyle>\n"


def _error(finding: Finding) -> str:
    line, column = finding.place.start
    message = finding.message + (f" ({answers(finding)})" if finding.answers else "")
    values = {"line": line, "column": column, "severity": finding.level, "message": message}
    return f"<error{attributes({**values, 'source': f'cfglint.{finding.check}'})}/>\n"
