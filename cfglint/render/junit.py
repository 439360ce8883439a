"""A report as JUnit XML, which every CI server shows as tests: each finding is one, and so is each clean file."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.engine import Report
from cfglint.evidence import Evidence, evidence
from cfglint.findings import LEVELS, Failure, Finding
from cfglint.render.checkout import Checkout
from cfglint.render.wording import details
from cfglint.render.xml import attributes, escaped


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """One document. A finding below `fail_on` is a test that passes, with the message as its output."""
    checkout = Checkout()
    failed = [f for f in report.findings if fail_on != "never" and LEVELS.index(f.level) >= LEVELS.index(fail_on)]
    spotless = {source.path for source in report.sources} - {f.place.source.path for f in report.findings}
    spotless -= {failure.path for failure in report.failures}
    total = len(report.findings) + len(report.failures) + len(spotless)
    counts = attributes(
        {"name": "cfglint", "tests": total, "failures": len(failed), "errors": len(report.failures), "time": 0}
    )
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites{counts}>\n<testsuite{counts}>\n'
    for path in sorted(spotless):
        yield f"<testcase{attributes({'classname': checkout.path(path), 'name': 'nothing to report', 'time': 0})}/>\n"
    for failure in report.failures:
        yield _failure(failure, checkout)
    wrong = {id(finding) for finding in failed}
    for finding, shown in zip(report.findings, evidence(report), strict=True):
        yield _finding(finding, shown, id(finding) in wrong, checkout)
    yield "</testsuite>\n</testsuites>\n"


def _failure(failure: Failure, checkout: Checkout) -> str:
    where = checkout.path(failure.path) if failure.path else "cfglint"
    case = attributes({"classname": where, "name": "could not be checked", "time": 0})
    return f"<testcase{case}><error{attributes({'message': failure.message})}/></testcase>\n"


def _finding(finding: Finding, shown: Evidence | None, fails: bool, checkout: Checkout) -> str:
    path = checkout.path(finding.place.source.path)
    line, column = finding.place.start
    case = attributes({"classname": path, "name": f"{finding.message} [{finding.check}]", "time": 0})
    lines = [f"{path}:{line}:{column}: {finding.level}: {finding.message}", *details(finding, checkout.path, shown)]
    body = "\n".join(map(escaped, lines))
    if fails:
        what = attributes({"type": finding.level, "message": finding.message})
        return f"<testcase{case}><failure{what}>{body}</failure></testcase>\n"
    return f"<testcase{case}><system-out>{body}</system-out></testcase>\n"
