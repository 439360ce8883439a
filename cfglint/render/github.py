"""A report as workflow commands of GitHub Actions, which become annotations of a pull request's lines.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.engine import Report
from cfglint.findings import LEVELS, Finding
from cfglint.render.checkout import Checkout
from cfglint.render.printable import printable
from cfglint.render.wording import details

COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """One command a line, the worst first, as only the first ten of a step are shown as annotations."""
    checkout = Checkout()
    for failure in report.failures:
        place = {"file": printable(checkout.path(failure.path))} if failure.path else {}
        if failure.line is not None:
            place["line"] = str(failure.line)
        yield _command("error", {**place, "title": "cfglint could not check everything"}, printable(failure.message))
    for finding in sorted(report.findings, key=lambda finding: -LEVELS.index(finding.level)):
        yield _finding(finding, checkout)


def _finding(finding: Finding, checkout: Checkout) -> str:
    start, end = finding.place.start, finding.place.end
    path = printable(checkout.path(finding.place.source.path))
    properties = {"file": path, "line": str(start.line), "endLine": str(end.line)}
    if end.line == start.line:  # columns are taken within one line only
        properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = f"cfglint: {finding.check}"
    # The step's log shows the message alone, so the place stands in it, too.
    headline = f"{path}:{start.line}:{start.column}: {printable(finding.message)}"
    return _command(COMMANDS[finding.level], properties, "\n".join([headline, *details(finding, checkout.path)]))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    """A command with what it must not hold literally written as ``%`` and two digits (actions/toolkit: command.ts)."""
    listed = ",".join(
        f"{key}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for key, value in properties.items()
    )
    return f"::{name} {listed}::{_escaped(message)}\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
