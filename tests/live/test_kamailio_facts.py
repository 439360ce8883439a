"""The facts about Kamailio's modules, and what the checks make of them, against an installed server."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.knowledge.kamailio import RELEASES, index
from tests.knowledge.findings import findings
from tests.knowledge.generate import Case, cases, configuration, lines
from tests.live.kamailio_server import ask, release, version

RELEASE = release() or ""

pytestmark = pytest.mark.skipif(not RELEASE, reason="no Kamailio of a release that cfglint knows is installed")

SINCE = {
    ("geoip2", "parameter", "resid"): "5.6.4",
    ("ims_qos", "block", "Rx_AAR"): "5.6.5",
}
"""What changed inside a release: there the facts speak of its last version, and an older server differs."""

MODULES = index().modules(RELEASES.parse(RELEASE)) if RELEASE else []


@pytest.mark.parametrize("name", MODULES)
def test_server_agrees(name: str, tmp_path: Path) -> None:
    chosen = [case for case in cases(name, RELEASE) if settled(case)]
    alone = [case for case in chosen if case.free_value or ends_reading(case)]
    together = [case for case in chosen if case not in alone]
    text = configuration(together)
    opinion = ask(text, tmp_path)
    if "could not find module" in opinion.output:
        pytest.skip("the module is not installed")
    assert opinion.lines == {at for at, (_, case) in enumerate(lines(together), 1) if case and not case.accepted}
    assert opinion.lines == {line for line, _ in findings(text, RELEASE)}
    assert [case.about for case in alone if accepted(case, tmp_path) != case.accepted] == []


def ends_reading(case: Case) -> bool:
    """Does the server read no further behind it?"""
    return case.kind == "variable" and not case.accepted


def settled(case: Case) -> bool:
    """Is the installed server new enough for the fact?"""
    since = SINCE.get((case.module, case.kind, case.name), RELEASE)
    return RELEASES.release(since) != RELEASE or numbers(version()) >= numbers(since)


def numbers(text: str) -> tuple[int, ...]:
    """A version as numbers that can be compared."""
    return tuple(map(int, text.split(".")))


def accepted(case: Case, folder: Path) -> bool:
    """Does the server take what the case is about?"""
    opinion = ask(configuration([case]), folder)
    # The module's own reading of the value is not in the facts.
    return opinion.accepted or (case.free_value and "not found in module" not in opinion.output)
