"""Checks of the tests' own, which stand in for all others (the fixture `install`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cfglint import registry
from cfglint.check import Check
from cfglint.edits import SAFE, Fix, replace
from cfglint.engine import Report
from cfglint.findings import Defect
from cfglint.fixing import Outcome
from cfglint.registry import Registered
from cfglint.resolve.asterisk import Config, Option

Find = Callable[[Any], Iterator[Defect]]


def installer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes checks stand in for all others, by name, of the family conf."""
    checks: list[Registered] = []
    monkeypatch.setattr(registry, "family", lambda name: tuple(checks) if name == "conf" else ())

    def add(name: str, find: Find, fix: Callable[[Any], Fix | None] | None = None, level: str = "warning") -> None:
        checks.append(Registered(f"conf-{name}", "conf", Check(find, level, "load", fix), ModuleType(name)))

    return add


def options(config: Config) -> Iterator[Option]:
    """All options of a file and what it includes."""
    return (option for section in config.sections for option in section.options)


def finder(name: str, value: str | None = None) -> Find:
    """Reports every line of an option, if it has the value."""

    def find(config: Config) -> Iterator[Defect]:
        for option in options(config):
            if option.name == name and value in (None, option.value):
                yield Defect(option.place, f"{name} is {option.value}", subject=option)

    return find


def setter(value: str, safety: str = SAFE) -> Callable[[Option], Fix]:
    """A fix that gives the option of a finding a value."""
    return lambda option: Fix(f"set {value}", (replace(option.value_place, value),), safety)


def shown(report: Report) -> list[tuple[str, str, int]]:
    """Check, file name and line of all findings."""
    return [(f.check, Path(f.place.source.path).name, f.place.start.line) for f in report.findings]


def after(outcome: Outcome, name: str) -> str | None:
    """The text of a file behind the fixes, if it changed."""
    return next((text for path, (_, text) in outcome.texts.items() if Path(path).name == name), None)
