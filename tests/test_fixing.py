"""Fixing, with checks of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cfglint.edits import SAFE, UNSAFE, Fix, insert_line_after, replace
from cfglint.errors import FixLoop
from cfglint.findings import Defect
from cfglint.model.editing import add_below
from cfglint.resolve.asterisk import Config, Option
from cfglint.source import encode
from cfglint.writing import Change, write
from tests.stand_ins import Find, after, finder, options, setter, shown
from tests.support import fix_tree, write_tree


def test_fixes_are_applied_until_none_is_left(tmp_path: Path, install: Callable[..., None]) -> None:
    for number in range(5):
        install(str(number), finder("x", str(number)), setter(str(number + 1)))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=0\nx=3\n"})
    outcome = fix_tree(tmp_path)
    assert after(outcome, "sip.conf") == "[a]\nx=5\nx=5\n"
    assert [f.check for f in outcome.applied] == ["conf-0", "conf-3", "conf-1", "conf-4", "conf-2", "conf-3", "conf-4"]
    assert outcome.after.findings == []
    assert len(outcome.before.findings) == 2
    heading = outcome.drafts[0].diff().splitlines()[2].rpartition("@@ ")[2]
    assert sorted(heading.split(", ")) == [f"conf-{number}" for number in range(5)]


def test_fixes_that_undo_each_other_are_not_made(tmp_path: Path, install: Callable[..., None]) -> None:
    install("there", finder("x", "1"), setter("2"))
    install("back", finder("x", "2"), setter("1"))
    install("good", finder("y", "1"), setter("2"))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\ny=1\n"})
    outcome = fix_tree(tmp_path)
    assert after(outcome, "sip.conf") == "[a]\nx=1\ny=2\n"
    ((finding, reason),) = outcome.withheld
    assert (finding.check, reason) == ("conf-there", "it and another fix undo each other")


def test_fixes_without_end_are_an_error(tmp_path: Path, install: Callable[..., None]) -> None:
    def find(config: Config) -> Iterator[Defect]:
        option = config.sections[0].options[0]
        yield Defect(option.place, "it can be longer", subject=option)

    install("longer", find, lambda option: Fix("more", (replace(option.value_place, option.value + "1"),)))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n"})
    with pytest.raises(FixLoop, match="the fixes of conf-longer do not come to rest"):
        fix_tree(tmp_path)


def test_a_fix_without_effect_is_not_made(tmp_path: Path, install: Callable[..., None]) -> None:
    """What it writes lies in a comment."""
    install("x", finder("x", "1"), lambda option: Fix("write it below", (add_below(option, ("y", "2")),)))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1 ;-- old\n--;\n"})
    outcome = fix_tree(tmp_path)
    assert after(outcome, "sip.conf") is None
    assert [reason for _, reason in outcome.withheld] == ["the edit would not have the effect that it is for"]


def test_a_fix_that_leaves_a_new_finding_behind_is_not_made(tmp_path: Path, install: Callable[..., None]) -> None:
    install("good", finder("y", "1"), setter("2"))
    install("bad", finder("x", "1"), setter("2"))
    install("alarm", finder("x", "2"), level="error")
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n", "pjsip.conf": "[a]\ny=1\n"})
    outcome = fix_tree(tmp_path)
    assert after(outcome, "sip.conf") is None
    assert after(outcome, "pjsip.conf") == "[a]\ny=2\n"
    assert shown(outcome.after) == [("conf-bad", "sip.conf", 2)]
    assert [reason for _, reason in outcome.withheld] == ["it would leave a new finding behind"]


def test_a_new_finding_that_is_only_information_does_no_harm(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x", "1"), setter("2"))
    install("note", finder("x", "2"), level="info")
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n"})
    assert after(fix_tree(tmp_path), "sip.conf") == "[a]\nx=2\n"


def test_fixes_that_touch_are_made_one_after_the_other(tmp_path: Path, install: Callable[..., None]) -> None:
    def add(option: Option) -> Fix:
        return Fix("add", (insert_line_after(option.source, option.start, f"{option.value}added=1"),), SAFE)

    def unless_added(name: str) -> Find:
        def find(config: Config) -> Iterator[Defect]:
            if not any(option.name == f"{name}added" for option in options(config)):
                yield from finder("x", name)(config)

        return find

    install("a", unless_added("a"), add)
    install("b", lambda c: (d for d in finder("x")(c) if "b" in c.root.text and "badded" not in c.root.text), None)
    install("c", finder("x", "a"), lambda option: Fix("rename", (replace(option.key_place, "z"),), SAFE))
    write_tree(tmp_path, {"sip.conf": "[A]\nx=a\n"})
    outcome = fix_tree(tmp_path)
    assert after(outcome, "sip.conf") == "[A]\nz=a\naadded=1\n"


def test_unsafe_fixes_are_made_only_when_asked_for(tmp_path: Path, install: Callable[..., None]) -> None:
    install("safe", finder("x", "1"), setter("2"))
    install("unsafe", finder("y", "1"), setter("2", UNSAFE))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\ny=1\n"})
    assert after(fix_tree(tmp_path, unsafe=False), "sip.conf") == "[a]\nx=2\ny=1\n"
    assert after(fix_tree(tmp_path), "sip.conf") == "[a]\nx=2\ny=2\n"


def test_suppressed_findings_are_not_fixed(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x", "1"), setter("2"))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1 ; cfglint: ignore[conf-x]\nx=1\n"})
    assert after(fix_tree(tmp_path), "sip.conf") == "[a]\nx=1 ; cfglint: ignore[conf-x]\nx=2\n"


def test_the_same_file_reached_by_two_roots_is_fixed_once(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x", "1"), setter("two"))
    install("y", finder("y", "1"), setter("2"))
    write_tree(
        tmp_path,
        {
            "sip.conf": "[general]\n#include common.conf\n#include hard.conf\n",
            "pjsip.conf": "[global]\n#include ./common.conf\n",
            "far/sip.conf": "[general]\n#include ../common.conf\n#include ../link.conf\n",
            "common.conf": "x=1\ny=1\n",
        },
    )
    (tmp_path / "link.conf").symlink_to("common.conf")
    (tmp_path / "hard.conf").hardlink_to(tmp_path / "common.conf")
    outcome = fix_tree(tmp_path)
    assert [text for _, text in outcome.texts.values()] == ["x=two\ny=2\n"]
    write([Change(path, *map(encode, texts)) for path, texts in outcome.texts.items()])
    for name in ("common.conf", "link.conf", "hard.conf"):
        assert (tmp_path / name).read_text() == "x=two\ny=2\n"


def test_nothing_to_fix(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n"})
    outcome = fix_tree(tmp_path)
    assert (outcome.drafts, outcome.applied) == ([], [])
    assert outcome.before.findings == outcome.after.findings
