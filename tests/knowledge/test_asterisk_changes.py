"""Which release has what came within a branch."""

from __future__ import annotations

import pytest

from cfglint.knowledge import asterisk, asterisk_changes
from cfglint.knowledge.versions import ASTERISK, Version

FIRST = "18.17 20.2 22.10"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((18, 16), False), ((18, 17), True), ((18, 17, 1), True), ((18,), True), ((19, 9), False), ((16, 30), False),
        ((22, 9), False), ((22, 10), True), ((23, 0), True), ((23,), True),
    ],
)  # fmt: skip
def test_has(version: Version, expected: bool) -> None:
    assert asterisk_changes.has(version, FIRST) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [((18, 16), True), ((18, 17), False), ((18,), False), ((17, 9), True), ((19, 9), False), ((23, 0), False)],
)
def test_predates(version: Version, expected: bool) -> None:
    assert asterisk_changes.predates(version, FIRST) is expected


def test_shown() -> None:
    assert asterisk_changes.shown("16.3") == "16.3"
    assert asterisk_changes.shown("20.12 21.7 22.2") == "20.12, 21.7 and 22.2"


def test_every_option_is_known_to_the_newest_release() -> None:
    known = asterisk.pjsip((ASTERISK[-1][0],))
    for kind, options in asterisk_changes.OPTIONS.items():
        for name in options:
            assert known.types[kind].get(name) is not None, (kind, name)
            assert (kind, name) not in known.newer


def test_a_release_without_an_option_names_the_one_that_has_it() -> None:
    old = asterisk.pjsip((20,), (20, 11))
    assert old.types["aor"].get("qualify_2xx_only") is None
    assert old.newer["aor", "qualify_2xx_only"] == "20.12, 21.7 and 22.2"
    assert asterisk.pjsip((20,), (20, 12)).types["aor"].get("qualify_2xx_only") is not None
    assert ("aor", "qualify_2xx_only") in asterisk.pjsip((16,), (16, 30)).newer
    assert ("aor", "qualify_2xx_only") not in asterisk.pjsip((20,), (20,)).newer
