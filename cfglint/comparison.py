"""Which findings one run has beyond another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from itertools import compress

from cfglint.findings import Finding
from cfglint.fingerprint import kinds


def _by_message(findings: list[Finding]) -> Iterable[Hashable]:
    return ((finding.check, finding.place.source.path, finding.message) for finding in findings)


def _wherever(findings: list[Finding]) -> Iterable[Hashable]:
    return kinds(findings, lambda path: "")


_WAYS: tuple[Callable[[list[Finding]], Iterable[Hashable]], ...] = (
    kinds,
    _by_message,  # the line was edited
    _wherever,  # the lines were moved to another file
)
"""How findings are known again, from the surest way to the last."""


def beyond(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """The findings of `after` that have none of their like in `before`; what occurs more often than before counts."""
    old, new = list(before), list(after)
    for way in _WAYS:
        had, has = list(way(old)), list(way(new))
        old, new = _unmatched(old, had, has), _unmatched(new, has, had)
    return new


def _unmatched(findings: list[Finding], names: list[Hashable], others: list[Hashable]) -> list[Finding]:
    left = Counter(others)
    kept = []
    for name in names:
        kept.append(not left[name])
        left[name] -= bool(left[name])
    return list(compress(findings, kept))
