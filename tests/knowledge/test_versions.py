from __future__ import annotations

import pytest

from cfglint.errors import UsageProblem
from cfglint.knowledge.versions import ASTERISK, Targets, parse_targets


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), Targets()),
        (("asterisk=20",), Targets((20,))),
        (("asterisk=20.20",), Targets((20, 20))),
        (("Asterisk = 20.20.1 ",), Targets((20, 20, 1))),
        (("kamailio=5.6", "asterisk=16"), Targets((16,), (5, 6))),
        (("kamailio=5.6.3",), Targets(None, (5, 6, 3))),
        (("asterisk=16", "asterisk=22"), Targets((22,))),
    ],
)
def test_targets(arguments: tuple[str, ...], expected: Targets) -> None:
    assert parse_targets(arguments) == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("", "expected asterisk=VERSION or kamailio=VERSION"),
        ("asterisk", "expected asterisk=VERSION or kamailio=VERSION"),
        ("opensips=3", "expected asterisk=VERSION or kamailio=VERSION"),
        ("asterisk=", "'' is no version such as 20.20 or 5.6"),
        ("asterisk=20.x", "'20.x' is no version"),
        ("asterisk=15", "cfglint knows asterisk 16 to 23"),
        ("asterisk=24", "cfglint knows asterisk 16 to 23"),
        ("kamailio=5", "cfglint knows kamailio 5.4 to 6.1"),
        ("kamailio=5.3", "cfglint knows kamailio 5.4 to 6.1"),
        ("asterisk=-20", "'-20' is no version"),
    ],
)
def test_targets_that_do_not_fit(argument: str, message: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        parse_targets((argument,))
    assert str(caught.value).startswith(f"--target {argument}: {message}")


def test_without_a_target_every_version_is_in_question() -> None:
    assert Targets().asterisk_branches == tuple(version[0] for version in ASTERISK)
    assert Targets((20, 20)).asterisk_branches == (20,)
    assert Targets().has_chan_sip
    assert Targets((20, 99)).has_chan_sip
    assert not Targets((21,)).has_chan_sip


def test_how_targets_are_shown() -> None:
    assert Targets((20, 20)).shown() == {"asterisk": "20.20", "kamailio": "every supported version"}
