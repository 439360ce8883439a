"""Many trees in one run give what each alone would give, whatever an earlier run has left behind."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfglint import engine, estate
from cfglint.discover import roots
from cfglint.engine import Request
from cfglint.errors import CfglintError
from cfglint.files import Files
from cfglint.render.json import as_data
from cfglint.settings import Settings
from cfglint.trees import Tree as AnyTree
from tests.cli.support import run

TREES = {
    "a/pjsip.conf": "[global]\ntype=global\n#include phones/*.conf\n#include missing/*.conf\n#tryinclude gone.conf\n",
    "a/phones/1.conf": "[1]\ntype=endpoint\naors=1\nauth=1\nsecert=x\n[1]\ntype=aor\nmax_contacts=0\n",
    "a/phones/2.conf": "[2]\ntype=endpoint\naors=3\n",
    "a/acl.conf": "[lan]\ndeny=0.0.0.0/0.0.0.0\n",
    "b/sip.conf": "[general]\n#include ../shared.conf\n[1001]\ntype=friend\nhost dynamic\nsecret=geheim\n",
    "c/sip.conf": "#include ../shared.conf\n[1002]\ntype=friend\nhosst=dynamic\n",
    "shared.conf": "nat=maybe\n; cfglint: ignore[sip-unknown-option] none\n",
    "d/kamailio.cfg": 'loadmodule "permissions.so"\nloadmodule "sl.so"\ninclude_file "more.cfg"\n'
    'request_route {\n    if (!allow_trusted()) { sl_send_reply("403", "no"); exit; }\n    undefined_function();\n}\n',
    "d/more.cfg": "#!ifdef X\n#!define Y 1\n",
    "d/kamailio-local.cfg": "#!define Z 1\n",
    "d/permissions.allow": "ALL : ALL\n",
} | {f"e{number}/pjsip.conf": "[global]\ntype=global\n" for number in range(4)}


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with eight trees or more, and a cache of its own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return write(tmp_path / "trees")


def write(top: Path) -> Path:
    """The trees, and nothing else."""
    shutil.rmtree(top, ignore_errors=True)
    for name, text in TREES.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def said(top: Path, *options: str) -> tuple[str, str, int]:
    """What a run writes, and how it ends."""
    result = run("check", "-f", "json", *options, top)
    return result.stdout, result.stderr, result.exit_code


def kept(top: Path) -> list[Path]:
    """The files of the cache."""
    return sorted((top.parent / "cache" / "cfglint").glob("*"))


def count_judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills up with the language of each tree that is judged."""
    judged: list[str] = []
    judge = engine.judge

    def counted(tree: AnyTree, *others: Any) -> engine.Judgement:
        found = judge(tree, *others)
        judged.append(found.language)
        return found

    monkeypatch.setattr(estate, "judge", counted)
    return judged


def test_an_estate_is_judged_as_its_trees_are_together(top: Path) -> None:
    files = Files()
    request = Request(roots((str(top),), files, Settings()))
    one, other = engine.check(request, files), estate.check(request, Files(), None, lambda done, whole: None)
    assert as_data(one)["findings"] == as_data(other)["findings"]
    assert one.findings
    assert (one.failures, one.heard) == (other.failures, other.heard)
    assert {source.path for source in one.sources} == {source.path for source in other.sources}


def test_a_second_run_judges_nothing_anew(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = said(top)
    judged = count_judged(monkeypatch)
    assert said(top) == first == said(top)
    assert judged == []
    assert said(top, "--no-cache") == first
    assert len(judged) > 8


def test_only_what_changed_is_judged_anew(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said(top)
    (top / "d/more.cfg").write_text("#!define Y 2\n")
    judged = count_judged(monkeypatch)
    found = said(top)
    assert judged == ["kamailio"]
    assert found == said(top, "--no-cache")


def swap(path: Path) -> None:
    """A link to the other file in its place."""
    path.unlink()
    path.symlink_to("2.conf")


def put(path: Path, text: str) -> int:
    """A file, in a directory that may be new."""
    path.parent.mkdir(exist_ok=True)
    return path.write_text(text)


def change_behind_the_clock(path: Path) -> None:
    """Another letter: same length, same time."""
    os.utime(path, (1, 1))
    path.write_text(path.read_text().replace("hosst", "qosst"))
    os.utime(path, (1, 1))


def turn_into_a_directory(path: Path) -> None:
    """The name stays."""
    path.unlink()
    path.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file that a pattern did not find": lambda top: put(top / "a/missing/x.conf", "[9]\ntype=nothing\n"),
    "a file that an include did not find": lambda top: put(top / "a/gone.conf", "[9]\ntype=nothing\n"),
    "one more file for a pattern": lambda top: put(top / "a/phones/3.conf", "[9]\ntype=nothing\n"),
    "one file less": lambda top: (top / "a/phones/2.conf").unlink(),
    "another name": lambda top: (top / "a/phones/2.conf").rename(top / "a/phones/0.conf"),
    "a file beside it": lambda top: put(top / "a/extensions.conf", "[default]\n"),
    "a link": lambda top: swap(top / "a/phones/1.conf"),
    "a file that trees share": lambda top: put(top / "shared.conf", "nat=no\n"),
    "the same length and time": lambda top: change_behind_the_clock(top / "c/sip.conf"),
    "a root that is included now": lambda top: put(top / "d/more.cfg", 'include_file "kamailio-local.cfg"\n'),
    "a directory in place of a file": lambda top: turn_into_a_directory(top / "d/more.cfg"),
    "the permissions module's file": lambda top: (top / "d/permissions.allow").unlink(),
    "settings": lambda top: put(top / ".cfglint.yaml", "targets: {asterisk: '16'}\nlevels: {sip: info}\n"),
    "a new tree": lambda top: put(top / "f/sip.conf", "[1]\nhost dynamic\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_stale(top: Path, change: str) -> None:
    before = said(top)
    CHANGES[change](top)
    found = said(top)
    assert found == said(top, "--no-cache")
    write(top)
    assert said(top) == said(top, "--no-cache")
    assert before[2] == 1


@pytest.mark.parametrize(
    "options", [("--target", "asterisk=16"), ("--select", "sip"), ("--ignore", "pjsip"), ("--installed-at", "/x")]
)
def test_other_options_are_another_run(top: Path, options: tuple[str, ...]) -> None:
    said(top)
    assert said(top, *options) == said(top, *options, "--no-cache")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_byte_changes_the_answer_is_that_of_a_run_without_a_cache(top: Path, data: st.DataObject) -> None:
    said(top)
    path = top / data.draw(st.sampled_from([name for name in TREES if not name.startswith("e")]))
    old = path.read_bytes()
    at = data.draw(st.integers(0, len(old) - 1))
    path.write_bytes(
        old[:at] + data.draw(st.sampled_from([b"", b"\n", b";", b"[", b"}", b"\xff", b"\0", b"x"])) + old[at + 1 :]
    )
    assert said(top) == said(top, "--no-cache")
    path.write_bytes(old)


def test_the_program_itself_is_part_of_the_key(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said(top)
    judged = count_judged(monkeypatch)
    monkeypatch.setattr("cfglint.cache._code", lambda: iter([("new.py", 1, 2)]))
    said(top)
    assert len(judged) > 8


@pytest.mark.parametrize("options", [("--db", "sqlite:///x.db"), ("--overlay", "a/acl.conf=a/acl.conf")])
def test_what_cannot_be_told_from_files_is_not_kept(
    top: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(top)
    run("check", *options, top)
    assert kept(top) == []


def test_few_trees_have_no_cache(tmp_path: Path, top: Path) -> None:
    run("check", top / "a")
    assert kept(top) == []


def test_processes_give_the_same(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = said(top, "--no-cache")
    monkeypatch.setattr(estate, "PAYS", 0.0)
    monkeypatch.setattr(estate, "_processors", lambda: 2)
    assert said(top, "--no-cache") == alone


def test_a_process_that_is_killed_is_made_up_for(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = said(top, "--no-cache")
    here = os.getpid()
    record = estate._Run.record

    def killed(self: estate._Run, number: int) -> object:
        if os.getpid() != here:
            os._exit(9)
        return record(self, number)

    monkeypatch.setattr(estate, "PAYS", 0.0)
    monkeypatch.setattr(estate, "_processors", lambda: 2)
    monkeypatch.setattr(estate._Run, "record", killed)
    assert said(top, "--no-cache") == alone


def test_the_memory_holds_one_tree_at_a_time(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cfglint.model.asterisk import Tree

    alive: list[int] = []
    judge = engine.judge

    def counted(tree: AnyTree, *others: Any) -> engine.Judgement:
        alive.append(sum(isinstance(one, Tree) for one in gc.get_objects()))
        return judge(tree, *others)

    gc.collect()
    before = sum(isinstance(one, Tree) for one in gc.get_objects())
    monkeypatch.setattr(estate, "judge", counted)
    gc.disable()
    try:
        said(top, "--no-cache")
    finally:
        gc.enable()
    assert max(alive) - before <= 1


def test_reports_that_draw_evidence_have_it(top: Path) -> None:
    def page(*options: str) -> str:
        return re.sub(r"<time.*?</time>", "", run("check", "-f", "html", *options, top).stdout)

    assert page("--no-cache") == page() == page()
    assert "<svg" in page()


def test_secrets_are_not_kept(top: Path) -> None:
    (top / "b/sip.conf").write_text(
        "[1001]\ntype=friend\nhost=dynamic\nsecret geheim12\nsecert=geheim13\nmd5secret=x\n"
    )
    said(top)
    (file,) = kept(top)
    assert b"geheim" not in file.read_bytes()


# ------------------------------------------------------------------------------------------------------------ progress


def test_progress_is_for_terminals(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cfglint.cli import output

    assert said(top, "--no-cache")[1] == ""
    shown: list[str] = []
    monkeypatch.setattr(output, "INTERVAL", 0.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.echo", lambda text, **_: shown.append(text))
    with output.Progress(quiet=False) as progress:
        progress.tell(1, 9)
    assert shown == ["\rcfglint: 1 of 9 trees", "\r\033[K"]
    with output.Progress(quiet=True) as progress:
        progress.tell(1, 9)
    assert len(shown) == 2


def test_a_root_that_vanishes_is_an_error_of_the_run(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files()
    request = Request(roots((str(top),), files, Settings()))
    for path in top.glob("e*/pjsip.conf"):
        path.unlink()
    report = estate.check(request, Files(), None, lambda done, whole: None)
    assert len(report.failures) >= 4
    assert not any(isinstance(failure, CfglintError) for failure in report.failures)
