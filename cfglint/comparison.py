"""Which findings one run has beyond another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from cfglint.findings import Finding
from cfglint.fingerprint import kind


def _nowhere(path: str) -> str:
    return ""


_WAYS: tuple[Callable[[Finding], object], ...] = (
    kind,
    lambda finding: (finding.check, finding.place.source.path, finding.message),  # the line was edited
    lambda finding: kind(finding, _nowhere),  # the lines were moved to another file
)
"""How a finding is known again, from the surest way to the last."""


def beyond(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """The findings of `after` that have none of their like in `before`; what occurs more often than before counts."""
    old, new = list(before), list(after)
    for way in _WAYS:
        had = Counter(map(way, old))
        has = Counter(map(way, new))
        old, new = _unmatched(old, way, has), _unmatched(new, way, had)
    return new


def _unmatched(findings: list[Finding], way: Callable[[Finding], object], others: Counter[object]) -> list[Finding]:
    left = Counter(others)
    kept = []
    for finding in findings:
        name = way(finding)
        if left[name]:
            left[name] -= 1
        else:
            kept.append(finding)
    return kept
