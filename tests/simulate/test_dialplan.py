"""Patterns and look-ups of the dialplan, as Asterisk's documentation describes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.resolve.asterisk.loading import load
from cfglint.simulate.dialplan import Dialplan, matches_pattern


@pytest.mark.parametrize(
    ("pattern", "extension", "matches"),
    [
        ("600", "600", True),
        ("600", "6001", False),
        ("_6XX", "612", True),
        ("_6XX", "61", False),
        ("_NXX", "112", False),
        ("_ZXX", "112", True),
        ("_[1-37]X", "75", True),
        ("_[1-37]X", "55", False),
        ("_9.", "9", False),
        ("_9.", "9123", True),
        ("_9!", "9", True),
        ("_X.", "+49", False),
        ("_+X.", "+49", True),
        ("_[", "1", False),
    ],
)
def test_patterns(pattern: str, extension: str, matches: bool) -> None:
    assert matches_pattern(pattern, extension) is matches


def dialplan(folder: Path, text: str) -> Dialplan:
    path = folder / "extensions.conf"
    path.write_text(text)
    return Dialplan(load(str(path), Files()))


def test_includes_and_the_most_exact_pattern(tmp_path: Path) -> None:
    plan = dialplan(
        tmp_path,
        "[phones]\ninclude => local\nexten => _6XX,1,Hangup(17)\nexten => 600,1,Answer()\n"
        "[local]\ninclude => phones\nexten => 700,1,NoOp()\n same => n,Congestion()\n",
    )
    assert [plan.call("phones", number).status for number in ("600", "601", "700", "800")] == [200, 486, 503, 404]


def test_hints(tmp_path: Path) -> None:
    plan = dialplan(tmp_path, "[phones]\nexten => 600,hint,PJSIP/600\nexten => 601,1,Answer()\n")
    assert (plan.has_hint("phones", "600"), plan.has_hint("phones", "601")) == (True, False)
    assert Dialplan(None).has_hint("phones", "600") is None


LAMPS = """[phones]
include => lamps
include => phones
exten => 100,1,Dial(SIP/100)
[lamps]
exten => 100,hint,SIP/100
[trunk]
exten => hint,1,Answer()
"""


@pytest.mark.parametrize(("context", "hints"), [("lamps", True), ("phones", True), ("trunk", False), ("gone", False)])
def test_contexts_with_hints(context: str, hints: bool) -> None:
    dialplan = Dialplan(load("extensions.conf", Files({"extensions.conf": LAMPS})))
    assert dialplan.has_hints(context) is hints
