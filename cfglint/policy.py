"""What the settings make of findings: another level, or silence in some files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache

from cfglint.findings import Finding
from cfglint.namedtuples import NamedTuple
from cfglint.registry import covers


class PathIgnore(NamedTuple):
    """Checks (ids or beginnings of ids) that are not heard in the files that a pattern names."""

    pattern: str
    checks: tuple[str, ...]


class Policy(NamedTuple):
    """A user's decisions about findings.

    `levels` holds pairs of a check (an id or the beginning of one) and a level; of two that fit, the longer counts.
    The patterns of `path_ignores` are relative to the directory `base`.
    """

    levels: tuple[tuple[str, str], ...] = ()
    path_ignores: tuple[PathIgnore, ...] = ()
    base: str = ""
    require_reasons: bool = False
    """Must a comment that suppresses a check say why?"""

    def applied(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that stay, with their levels."""
        return [self._levelled(finding) for finding in self._heard(findings)]

    def _heard(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        if not self.path_ignores:
            yield from findings
            return

        @cache
        def ignored(path: str) -> tuple[str, ...]:
            relative = os.path.relpath(path, self.base or os.curdir)
            return tuple(
                check for rule in self.path_ignores if matches(rule.pattern, relative) for check in rule.checks
            )

        for finding in findings:
            if not any(covers(check, finding.check) for check in ignored(finding.place.source.path)):
                yield finding

    def _levelled(self, finding: Finding) -> Finding:
        fitting = [rule for rule in self.levels if covers(rule[0], finding.check)]
        if not fitting:
            return finding
        return finding._replace(level=max(fitting, key=_narrowness)[1])


def _narrowness(rule: tuple[str, str]) -> int:
    return 0 if rule[0] == "all" else len(rule[0])


def matches(pattern: str, path: str) -> bool:
    """Does a pattern name a file, or a directory above it? ``*`` stands for any characters, slashes included."""
    return fnmatchcase(path, pattern) or path.startswith(f"{pattern.rstrip('/')}/")
