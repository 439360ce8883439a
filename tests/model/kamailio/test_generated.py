"""What the checks make of every parameter, function and pseudo-variable that is known, right and wrong."""

from __future__ import annotations

import pytest

from cfglint.knowledge.kamailio import RELEASES, index
from tests.knowledge.findings import FOUND_BY, findings
from tests.knowledge.generate import cases, configuration, lines


@pytest.mark.parametrize("release", ["5.4", "5.6", "6.1"])
def test_the_wrong_is_found_and_the_right_is_not(release: str) -> None:
    for name in index().modules(RELEASES.parse(release)):
        chosen = cases(name, release)
        wrong = {
            (at, FOUND_BY[case.kind]) for at, (_, case) in enumerate(lines(chosen), 1) if case and not case.accepted
        }
        assert wrong
        assert findings(configuration(chosen), release) == wrong, name


def test_what_one_release_takes_is_right_where_none_is_named() -> None:
    for name in index().modules(RELEASES.all):
        taken = {case for release in RELEASES.names for case in cases(name, release) if case.accepted}
        assert findings(configuration(sorted(taken)), None) == set(), name


def test_what_no_release_takes_is_wrong_where_none_is_named() -> None:
    for name in index().modules(RELEASES.all):
        every = [cases(name, release) for release in RELEASES.names]
        taken = {case for found in every for case in found if case.accepted}
        refused = sorted({case for found in every for case in found} - taken)
        always = [case for case in refused if all(case in found for found in every if found)]
        wrong = {at for at, (_, case) in enumerate(lines(always), 1) if case}
        assert {line for line, _ in findings(configuration(always), None)} == wrong, name
