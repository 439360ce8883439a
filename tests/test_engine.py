"""Checking, with checks of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cfglint import engine
from cfglint.discover import Root
from cfglint.edits import Fix
from cfglint.engine import Request
from cfglint.errors import UsageProblem
from cfglint.files import Files
from cfglint.findings import Defect, Failure
from cfglint.model.asterisk import Tree
from cfglint.registry import Selection
from cfglint.resolve.asterisk import Config, Option
from tests.stand_ins import finder, shown
from tests.support import check_tree, request, write_tree

# ------------------------------------------------------------------------------------------------------------- finding


def test_findings_are_sorted_by_path_offset_and_check(tmp_path: Path, install: Callable[..., None]) -> None:
    install("b", finder("x"))
    install("a", finder("x"))
    install("c", finder("y"))
    write_tree(
        tmp_path,
        {"sip.conf": "[general]\ny=1\nx=1\n#include z.conf\n#include a.conf\n", "a.conf": "x=1\n", "z.conf": "x=1\n"},
    )
    assert shown(check_tree(tmp_path)) == [
        ("conf-a", "a.conf", 1),
        ("conf-b", "a.conf", 1),
        ("conf-c", "sip.conf", 2),
        ("conf-a", "sip.conf", 3),
        ("conf-b", "sip.conf", 3),
        ("conf-a", "z.conf", 1),
        ("conf-b", "z.conf", 1),
    ]


def test_a_crashing_check_is_a_failure_and_hides_nothing(tmp_path: Path, install: Callable[..., None]) -> None:
    def crash(config: Config) -> Iterator[Defect]:
        yield Defect(config.sections[0].name_place, "found before the crash")
        raise ZeroDivisionError

    def crash_in_fix(option: Option) -> Fix:
        raise RecursionError

    install("first", finder("x"))
    install("broken", crash)
    install("broken-fix", finder("x"), crash_in_fix)
    install("last", finder("x"))
    write_tree(tmp_path, {"sip.conf": "[general]\nx=1\n"})
    report = check_tree(tmp_path)
    assert shown(report) == [
        ("conf-broken", "sip.conf", 1),
        ("conf-first", "sip.conf", 2),
        ("conf-last", "sip.conf", 2),
    ]
    assert [(failure.path, failure.line) for failure in report.failures] == [("", None), ("", None)]
    first, second = (failure.message for failure in report.failures)
    assert first.startswith("the check conf-broken failed: ZeroDivisionError in test_engine.py, line ")
    assert second.startswith("the check conf-broken-fix failed: RecursionError in test_engine.py, line ")


def test_a_crashing_model_is_a_failure_and_hides_nothing(
    tmp_path: Path, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = Tree.subjects

    def crash(tree: Tree, family: str) -> list[Any]:
        if family == "sip":
            raise KeyError("x")
        return subjects(tree, family)

    install("first", finder("x"))
    monkeypatch.setattr(Tree, "subjects", crash)
    write_tree(tmp_path, {"sip.conf": "[general]\nx=1\n"})
    report = check_tree(tmp_path)
    assert shown(report) == [("conf-first", "sip.conf", 2)]
    assert [failure.message.partition(":")[0] for failure in report.failures] == ["the model for the sip checks failed"]


def test_a_users_mistake_is_no_crash(tmp_path: Path, install: Callable[..., None]) -> None:
    def find(config: Config) -> Iterator[Defect]:
        raise UsageProblem("that does not fit")

    install("x", find)
    write_tree(tmp_path, {"sip.conf": "[general]\n"})
    with pytest.raises(UsageProblem):
        check_tree(tmp_path)


def test_only_selected_checks_run(tmp_path: Path, install: Callable[..., None]) -> None:
    def crash(config: Config) -> Iterator[Defect]:
        raise AssertionError

    install("wanted", finder("x"))
    install("other", crash)
    write_tree(tmp_path, {"sip.conf": "[general]\nx=1\n"})
    report = check_tree(tmp_path, select=("conf-wanted",))
    assert shown(report) == [("conf-wanted", "sip.conf", 2)]
    assert report.failures == []


def test_a_file_that_two_roots_include_is_judged_once(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    write_tree(
        tmp_path,
        {
            "sip.conf": "[general]\n#include common.conf\n",
            "pjsip.conf": "[global]\n#include ./common.conf\n",
            "far/sip.conf": "[general]\n#include ../common.conf\n#include ../link.conf\n",
            "common.conf": "x=1\n",
        },
    )
    (tmp_path / "link.conf").symlink_to("common.conf")
    report = check_tree(tmp_path)
    assert len(report.findings) == 1
    assert sorted(Path(s.path).name for s in report.sources) == ["common.conf", "pjsip.conf", "sip.conf", "sip.conf"]


def test_a_root_that_another_root_includes_is_none(tmp_path: Path, install: Callable[..., None]) -> None:
    seen = []

    def find(config: Config) -> Iterator[Defect]:
        seen.append(str(Path(config.path).relative_to(tmp_path)))
        return iter(())

    install("x", find)
    tree = {
        "sip.conf": "[general]\n#include sub/sip.conf\n#include b/sip.conf\n",
        "sub/sip.conf": "bindport=5060\n",
        "sub/pjsip.conf": "[global]\n",
        "b/sip.conf": "",
    }
    write_tree(tmp_path, tree)
    assert check_tree(tmp_path).failures == []
    assert sorted(seen) == ["sip.conf", "sub/pjsip.conf"]
    seen.clear()
    named = Request([Root(str(tmp_path / "sip.conf"), "asterisk"), Root(str(tmp_path / "sub/sip.conf"), "asterisk")])
    engine.check(named, Files())
    assert sorted(seen) == ["sip.conf", "sub/sip.conf"]


def test_a_part_that_is_included_on_a_condition_is_no_root(tmp_path: Path) -> None:
    """Judged alone it would call functions that nobody brings; a script that routes requests is never left out."""
    end = "request_route {\n    exit;\n}\n"
    tree = {
        "kamailio.cfg": f'#!ifdef WITH_X\ninclude_file "kamailio-x.cfg"\ninclude_file "kamailio-y.cfg"\n#!endif\n{end}',
        "kamailio-x.cfg": "route[X] {\n    t_relay();\n}\n",
        "kamailio-y.cfg": f'#!ifdef NO\ninclude_file "kamailio.cfg"\n#!endif\n{end}',
        "kamailio-z.cfg": "route[Z] {\n    exit;\n}\n",
    }
    write_tree(tmp_path, tree)
    found = {Path(source.path).name for source in check_tree(tmp_path).sources}
    assert found == {"kamailio.cfg", "kamailio-y.cfg", "kamailio-z.cfg"}


def test_of_two_roots_that_include_each_other_one_stays(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    write_tree(
        tmp_path,
        {"a/sip.conf": "[a]\nx=1\n#include ../b/sip.conf\n", "b/sip.conf": "[b]\nx=1\n#include ../a/sip.conf\n"},
    )
    assert shown(check_tree(tmp_path)) == [("conf-x", "sip.conf", 2), ("conf-x", "sip.conf", 2)]


def test_a_root_that_includes_itself_stays(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n#include sip.conf\n", "pjsip.conf": "[b]\n"})
    assert shown(check_tree(tmp_path)) == [("conf-x", "sip.conf", 2)]


# --------------------------------------------------------------------------------------------------------- suppressions


def test_suppressions(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    install("y", finder("y"))
    write_tree(
        tmp_path,
        {"sip.conf": "[a]\nx=1 ; cfglint: ignore[conf-x]\ny=1\nz=1 ; cfglint: ignore[conf-y, conf-typo]\n"},
    )
    assert shown(check_tree(tmp_path)) == [
        ("conf-y", "sip.conf", 3),
        ("unused-suppression", "sip.conf", 4),
        ("unused-suppression", "sip.conf", 4),
    ]
    # Whether conf-y would be found is not known here, and what is not asked for is not said.
    ignoring = Selection((), ("conf-y",))
    report = engine.check(request(tmp_path)._replace(selection=ignoring), Files())
    assert [f.message for f in report.findings] == ["the comment ignores 'conf-typo', which does not occur here"]
    assert shown(check_tree(tmp_path, select=("conf-y",))) == [("conf-y", "sip.conf", 3)]


def test_a_suppression_of_a_check_that_crashed_is_not_called_unused(
    tmp_path: Path, install: Callable[..., None]
) -> None:
    def crash(config: Config) -> Iterator[Defect]:
        raise ZeroDivisionError

    install("x", crash)
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1 ; cfglint: ignore[conf-x]\n"})
    assert check_tree(tmp_path).findings == []


# ----------------------------------------------------------------------------------------------------------- bad input


def failures(folder: Path, *names: str) -> list[tuple[str, int | None, str]]:
    roots = [Root(str(folder / name), "asterisk") for name in names]
    return [(Path(f.path).name, f.line, f.message) for f in engine.check(Request(roots), Files()).failures]


def test_what_cannot_be_read_is_a_failure_and_the_run_goes_on(tmp_path: Path, install: Callable[..., None]) -> None:
    install("x", finder("x"))
    write_tree(tmp_path, {"sip.conf": "[a]\nx=1\n"})
    roots = [Root(str(tmp_path / name), "asterisk") for name in ("nosuch/sip.conf", "sip.conf")]
    report = engine.check(Request(roots), Files())
    assert shown(report) == [("conf-x", "sip.conf", 2)]
    assert [f.message for f in report.failures] == ["there is no such file; check the path"]


def test_an_unreadable_companion_is_a_failure(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf": "[a]\n"})
    with open(tmp_path / "acl.conf", "wb") as stream:
        stream.truncate(2**40)
    assert failures(tmp_path, "sip.conf") == [
        ("acl.conf", None, "is larger than 64 MiB; is it a configuration file at all?")
    ]


def test_empty_and_binary_files(tmp_path: Path) -> None:
    write_tree(tmp_path, {"empty.conf": "", "bom.conf": "\ufeff", "binary.conf": "[a]\n\0\1\2\n", "blank.conf": "\n"})
    assert failures(tmp_path, "empty.conf") == [("empty.conf", 1, "is empty: there is nothing to check")]
    assert failures(tmp_path, "bom.conf") == [("bom.conf", 1, "is empty: there is nothing to check")]
    assert failures(tmp_path, "blank.conf") == []
    ((name, line, message),) = failures(tmp_path, "binary.conf")
    assert (name, line) == ("binary.conf", 2)
    assert message.startswith("holds a NUL byte: is it binary, or UTF-16?")


def test_includes_that_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfglint.resolve.asterisk.loading.MAX_LOADS", 50)
    write_tree(tmp_path, {"sip.conf": "[a]\n\n#include a.conf\n", "a.conf": "#tryinclude a.conf\n" * 9})
    ((name, _, message),) = failures(tmp_path, "sip.conf")
    assert name == "a.conf"
    assert message.startswith("the includes and templates multiply beyond what cfglint follows")


def test_both_languages_in_one_run(tmp_path: Path) -> None:
    write_tree(tmp_path, {"kamailio.cfg": "request_route {\n    exit\n}\n", "sip.conf": "[general]\nx y\n"})
    report = check_tree(tmp_path)
    assert {f.check.partition("-")[0] for f in report.findings} == {"conf", "kamailio"}
    assert report.failures == []


def test_equal_failures_are_told_once(tmp_path: Path, install: Callable[..., None]) -> None:
    def crash(config: Config) -> Iterator[Defect]:
        raise ZeroDivisionError

    install("x", crash)
    write_tree(tmp_path, {"sip.conf": "[a]\n", "pjsip.conf": "[a]\n"})
    (failure,) = check_tree(tmp_path).failures
    assert isinstance(failure, Failure)
