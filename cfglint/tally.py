"""What reports come to: the numbers that are left of findings that were shown, part after part, and let go of."""

from __future__ import annotations

from collections import Counter

from cfglint.engine import Report
from cfglint.findings import LEVELS, Failure


class Tally:
    """Counts what is in the parts of a report."""

    def __init__(self) -> None:
        self.files = 0
        self.levels: Counter[str] = Counter()
        """Level to the number of findings."""
        self.fixes: Counter[str] = Counter()
        """Safety of a fix to the number of findings that have one."""
        self.known = 0
        """Findings that are no news."""
        self.failures: list[Failure] = []

    def add(self, part: Report) -> None:
        """Count a part in."""
        self.files += len(part.sources)
        self.levels.update(finding.level for finding in part.findings)
        self.fixes.update(finding.fix.safety for finding in part.findings if finding.fix is not None)
        self.known += part.known
        self.failures += part.failures

    @property
    def worst(self) -> str | None:
        """The highest level of a finding."""
        return next((level for level in reversed(LEVELS) if self.levels[level]), None)


def tally(report: Report) -> Tally:
    """What a whole report comes to."""
    found = Tally()
    found.add(report)
    return found
