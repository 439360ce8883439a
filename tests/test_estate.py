"""Many trees in one run give what each alone would give, whatever an earlier run has left behind."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cfglint import engine, estate, rendered, workers
from cfglint.cli.output import Outputs, Wanted
from cfglint.discover import roots
from cfglint.engine import Request
from cfglint.errors import CfglintError
from cfglint.files import Files
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.render.json import as_data
from cfglint.settings import Settings
from cfglint.source import Source
from cfglint.survey import clusters
from cfglint.trees import Group
from cfglint.trees import Tree as AnyTree
from tests.cli.support import run

ROOT = Path(__file__).resolve().parent.parent

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


def whole(request: Request) -> engine.Report:
    """What an estate's run finds."""
    return engine.joined(list(estate.check(request, Files, None, lambda done, whole: None)))


def count_judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Fills up with the language of each tree that is judged, all of them in this process."""
    monkeypatch.setattr(workers, "_processors", lambda: 1)
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
    one, other = engine.check(request, files), whole(request)
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
    """A file, in directories that may be new."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
    monkeypatch.setattr(workers, "PAYS", 0.0)
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    assert said(top, "--no-cache") == alone


def test_a_process_that_is_killed_is_made_up_for(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = said(top, "--no-cache")
    here = os.getpid()
    work = estate._Run.work

    def killed(self: estate._Run, number: int) -> workers.Done:
        if os.getpid() != here:
            os._exit(9)
        return work(self, number)

    monkeypatch.setattr(workers, "PAYS", 0.0)
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    monkeypatch.setattr(estate._Run, "work", killed)
    assert said(top, "--no-cache") == alone


def test_the_memory_holds_one_tree_at_a_time(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    report = whole(request)
    assert len(report.failures) >= 4
    assert not any(isinstance(failure, CfglintError) for failure in report.failures)


# ----------------------------------------------------------------------------------------------------------- streaming


def parts_of(top: Path) -> list[engine.Report]:
    """What a run shows, part after part."""
    request = Request(roots((str(top),), Files(), Settings()))
    return list(estate.check(request, Files, None, lambda done, whole: None))


def sites(top: Path, count: int) -> Path:
    """So many trees that have nothing to do with each other, each with one finding."""
    for number in range(count):
        put(top / f"site{number:03}" / "sip.conf", "[1001]\ntype=friend\nhost dynamic\nsecret=s3cret-word\n")
    return top


def test_what_is_found_in_a_tree_is_shown_before_the_next_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = count_judged(monkeypatch)
    request = Request(roots((str(sites(tmp_path / "sites", 12)),), Files(), Settings()))
    run_of_it = estate.check(request, Files, None, lambda done, whole: None)
    for number in range(12):
        part = next(run_of_it)
        assert part.findings
        assert len(judged) == number + 1
    assert [len(part.findings) for part in run_of_it] == [0]


def test_findings_come_in_one_order_whatever_is_shared(top: Path) -> None:
    found = [finding for part in parts_of(top) for finding in part.findings]
    assert found == sorted(found, key=lambda finding: finding.sort_key)
    assert len({finding.place.source.path for finding in found}) > 4


def test_directories_that_sort_between_a_tree_and_what_lies_below_it(tmp_path: Path) -> None:
    """'-' sorts before '/': what is below a directory does not follow it at once."""
    for name in (
        "q/sip.conf",
        "q-b/sip.conf",
        "q/sub/sip.conf",
        "q/zub/pjsip.conf",
        *(f"z{n}/sip.conf" for n in "1234"),
    ):
        put(tmp_path / "trees" / name, "[a]\nhost dynamic\n")
    put(tmp_path / "trees/q/zub/pjsip.conf", "#include ../users.conf\n")
    put(tmp_path / "trees/q/users.conf", "[b]\nhost dynamic\n")
    found = [finding for part in parts_of(tmp_path / "trees") for finding in part.findings]
    assert found == sorted(found, key=lambda finding: finding.sort_key)
    assert [f.place.source.path[len(str(tmp_path / "trees/")) :] for f in found if f.check == "conf-no-equals"] == [
        *("/q-b/sip.conf", "/q/sip.conf", "/q/sub/sip.conf", "/q/users.conf"),
        *(f"/z{n}/sip.conf" for n in "1234"),
    ]


SHARING = {
    "an include": ("#include ../common.conf\n", "sip.conf"),
    "an include that a comment hides": (";--\n#include ../common.conf\n--;\n", "sip.conf"),
    "a list of addresses": (
        'modparam("permissions", "address_file", "/srv/../common.conf")\nroute {}\n',
        "kamailio.cfg",
    ),
}


@pytest.mark.parametrize("how", SHARING)
def test_trees_that_may_read_the_same_are_told_together(tmp_path: Path, how: str) -> None:
    text, name = SHARING[how]
    put(tmp_path / "common.conf", "nat=maybe\n")
    for folder in "abc":
        put(tmp_path / folder / name, text.replace("/srv/..", "..") if folder != "b" else "")
    found = [Group("kamailio" if name.endswith("cfg") else "asterisk", (str(tmp_path / one / name),)) for one in "abc"]
    assert [cluster.trees for cluster in clusters(found, Files, None)] == [[0, 2], [1]]


def test_a_script_whose_includes_cannot_be_told_may_read_whatever_others_do(tmp_path: Path) -> None:
    put(tmp_path / "a/kamailio.cfg", '#!subst "/X/y/"\ninclude_file "X.cfg"\n')
    put(tmp_path / "b/sip.conf", "[a]\n")
    found = [Group("asterisk", (str(tmp_path / "b/sip.conf"),)), Group("kamailio", (str(tmp_path / "a/kamailio.cfg"),))]
    assert [cluster.trees for cluster in clusters(found, Files, None)] == [[0, 1]]


def test_nothing_of_a_tree_stays_when_it_was_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its text nor what was made of it: the memory does not grow with the number of trees."""
    monkeypatch.setattr(workers, "_processors", lambda: 1)
    script = 'loadmodule "sl.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nroute { save("location"); x(); }\n'
    for number in range(10):
        put(tmp_path / f"site{number:03}" / "kamailio.cfg", script)
    sites(tmp_path, 10)
    request = Request(roots((str(tmp_path),), Files(), Settings()))
    before = living()
    alive = [living() - before for _ in estate.check(request, Files, None, lambda done, whole: None)]
    assert len(alive) == 11
    assert max(alive) == max(alive[:4]), "as much as at the beginning"


def living() -> int:
    """How many files' texts and models there are."""
    gc.unfreeze()
    gc.collect()
    return sum(isinstance(one, Source | Tree | KamailioTree) for one in gc.get_objects())


# ---------------------------------------------------------------------------------------------------------- templates


@pytest.fixture
def templates(top: Path) -> Path:
    """The trees, of which one is of templates."""
    put(top / "t/sip.conf.j2", "[general]\nbindport={{ port }}\n#include peers.conf\n[1001]\nhost dynamic\n")
    put(top / "t/peers.conf.j2", "[1002]\ntype={{ kind }}\nhost dynamic\n")
    put(top / "t/plain.conf", "[x]\n")
    put(top / "vars.yaml", "port: 5060\nkind: friend\n")
    return top


def count_rendered(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Fills up with the roots of each tree of templates that is judged, all of them in this process."""
    monkeypatch.setattr(workers, "_processors", lambda: 1)
    found: list[list[str]] = []
    judge = rendered.judge

    def counted(request: Request, *others: Any) -> rendered.Judged | None:
        found.append([root.path.rpartition("trees/")[2] for root in request.roots])
        return judge(request, *others)

    monkeypatch.setattr(rendered, "judge", counted)
    return found


def test_templates_are_judged_with_their_tree_alone(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = json.loads(run("check", "-f", "json", templates / "t").stdout)["findings"]
    judged = count_rendered(monkeypatch)
    found = json.loads(said(templates)[0])["findings"]
    assert judged == [["t/sip.conf.j2"]]
    assert [finding for finding in found if "/t/" in finding["path"]] == alone
    assert any(finding["check"] == "conf-no-equals" for finding in alone)
    shutil.rmtree(templates / "t")
    assert [finding for finding in found if "/t/" not in finding["path"]] == json.loads(said(templates)[0])["findings"]


def test_a_second_run_renders_nothing_anew(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--template-vars", str(templates / "vars.yaml"))
    first = said(templates, *options)
    judged, others = count_rendered(monkeypatch), count_judged(monkeypatch)
    assert said(templates, *options) == first
    assert (judged, others) == ([], [])
    assert said(templates, *options, "--no-cache") == first


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("vars.yaml", "port: 5060\nkind: fiend\n"),
        ("t/peers.conf.j2", "[1002]\ntype=friend\n"),
        ("t/more.conf.j2", "[1003]\n"),
        (".cfglint.yaml", "levels: {conf-no-equals: error}\n"),
    ],
)
def test_only_templates_are_rendered_anew_when_what_they_depend_on_changes(
    templates: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str
) -> None:
    options = ("--template-vars", str(templates / "vars.yaml"))
    said(templates, *options)
    judged, others = count_rendered(monkeypatch), count_judged(monkeypatch)
    put(templates / file, text)
    found = said(templates, *options)
    assert judged == [["t/sip.conf.j2"]]
    assert others == []
    assert found == said(templates, *options, "--no-cache")


def test_a_tree_with_tags_is_judged_by_itself(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(templates / "u/sip.conf", "[general]\nbindport={{ port }}\n[1001]\nhost dynamic\n")
    judged = count_rendered(monkeypatch)
    first = said(templates)
    assert sorted(judged) == [["t/sip.conf.j2"], ["u/sip.conf"]]
    assert said(templates) == first
    assert len(judged) == 2


def test_a_root_that_only_a_template_reads_is_none(templates: Path) -> None:
    put(templates / "k/kamailio.cfg.j2", 'include_file "kamailio-local.cfg"\nroute { {{ what }}(); }\n')
    put(templates / "k/kamailio-local.cfg.j2", "route[X] { undefined_f(); }\n")
    both = [f["message"] for f in json.loads(said(templates)[0])["findings"] if "/k/" in f["path"]]
    alone = [f["message"] for f in json.loads(run("check", "-f", "json", templates / "k").stdout)["findings"]]
    assert both == alone


# ---------------------------------------------------------------------------------------------------------- outputs


def test_the_time_that_other_processes_took_counts(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def times(count: int) -> set[str]:
        monkeypatch.setattr(workers, "PAYS", 0.0)
        monkeypatch.setattr(workers, "_processors", lambda: count)
        lines = run("check", "--no-cache", "--verbose", top).stderr.splitlines()
        return {line.partition(" ms ")[2] for line in lines if " ms " in line}

    assert times(2) == times(1)
    assert len(times(2)) > 50


@pytest.mark.parametrize(
    "formats",
    [("text",), ("concise",), ("json",), ("text", "json=found.json"), ("concise", "sarif=found.sarif", "text=a.txt")],
)
def test_every_format_is_as_in_one_piece(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formats: tuple[str, ...]
) -> None:
    """A baseline that knows nothing keeps the report together."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none.yaml").write_text("version: 1\nfindings: []\n")
    options = [word for form in formats for word in ("-f", form)]

    def shown(*more: str) -> list[bytes | str]:
        text = run("check", *options, *more, "trees").stdout
        return [text, *((tmp_path / form.partition("=")[2]).read_bytes() for form in formats if "=" in form)]

    assert shown() == shown("--baseline", "none.yaml")


def test_findings_are_printed_part_by_part(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    outputs = Outputs(
        [Wanted("concise"), Wanted("json", str(tmp_path / "x"))], color="never", quiet=True, fail_on="never"
    )
    for part in parts_of(sites(tmp_path / "sites", 9))[:-1]:
        outputs.take(part)
        assert capsysbinary.readouterr().out.count(b"\n") == len(part.findings) > 0
    assert not (tmp_path / "x").exists()
    outputs.finish()
    assert json.loads((tmp_path / "x").read_text())["summary"]["files"] == 9


def broken(*formats: str, top: Path, cwd: Path) -> int:
    """How a run ends whose output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    options = [word for form in formats for word in ("-f", form)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "cfglint", "check", *options, str(top)],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=cwd,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    finally:
        os.close(writing)
    assert done.stderr == b""
    return done.returncode


def test_when_nobody_reads_any_more_the_run_ends_and_what_it_found_is_kept(top: Path, tmp_path: Path) -> None:
    assert broken("text", top=sites(top / "more", 9), cwd=tmp_path) == 1
    assert kept(top) != []


def test_when_nobody_reads_any_more_the_files_are_written_all_the_same(top: Path, tmp_path: Path) -> None:
    assert broken("text", "json=found.json", "junit=found.xml", top=top, cwd=tmp_path) == 1
    whole = json.loads(said(top)[0])
    assert json.loads((tmp_path / "found.json").read_text())["summary"] == whole["summary"]
    assert (tmp_path / "found.xml").exists()


def test_an_output_that_is_one_of_the_files_is_refused(top: Path) -> None:
    result = run("check", "-f", "text", "-f", f"json={top / 'shared.conf'}", top)
    assert result.exit_code == 2
    assert "is one of the files that are checked" in result.stderr
    assert (top / "shared.conf").read_text() == TREES["shared.conf"]


def test_a_report_of_a_bug_holds_every_file(top: Path, tmp_path: Path) -> None:
    run("check", "--no-cache", "--debug-report", tmp_path / "bug.zip", top)
    with ZipFile(tmp_path / "bug.zip") as archive:
        texts = [archive.read(name).decode() for name in archive.namelist()]
    assert sum("type=global" in text for text in texts) >= 5
