"""Only what is news: baselines, and what came in since a revision of git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.cli.support import BAD, GOOD, ONLY, run, start
from tests.support import write_tree

WORSE = BAD + "[1002]\nsecret geheim\n"


def lines(stdout: str) -> list[str]:
    """Path and line of each finding of a concise report."""
    return [":".join(line.split(":")[:2]) for line in stdout.splitlines()]


def concise(*arguments: str) -> list[str]:
    return lines(run("check", ".", *ONLY, "-f", "concise", *arguments).stdout)


# ------------------------------------------------------------------------------------------------------------ baseline


def test_what_is_known_is_not_told_again(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    written = run("check", ".", *ONLY, "--baseline", "known.yaml", "--write-baseline")
    assert (written.exit_code, written.stderr) == (0, "wrote known.yaml\n")
    assert written.stdout == "nothing to report in 1 file; 1 known finding not shown\n"
    write_tree(here, {"sip.conf": "; a comment on top\n\n" + WORSE})
    result = run("check", ".", *ONLY, "--baseline", "known.yaml", "-f", "json")
    found = json.loads(result.stdout)
    assert [finding["start"]["line"] for finding in found["findings"]] == [7]
    assert found["summary"]["known"] == 1
    assert result.exit_code == 1


def test_findings_that_look_alike_are_counted(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD + "host dynamic\n"})
    run("check", ".", *ONLY, "--baseline", "known.yaml", "--write-baseline")
    assert "count: 2" in (here / "known.yaml").read_text()
    write_tree(here, {"sip.conf": BAD + "host dynamic\nhost dynamic\n"})
    assert concise("--baseline", "known.yaml") == ["sip.conf:5"]


def test_a_baseline_of_the_settings_counts_from_anywhere(here: Path) -> None:
    write_tree(here, {"etc/sip.conf": BAD, "etc/.cfglint.yaml": "baseline: known/b.yaml\n", "etc/known/x": ""})
    options = ("--select", "conf-no-equals")
    assert run("check", "etc", *options, "--write-baseline").exit_code == 0
    assert "path: ../sip.conf" in (here / "etc/known/b.yaml").read_text().replace('"', "")
    assert start("check", ".", *options, cwd=here / "etc").returncode == 0
    assert start("check", str(here / "etc" / "sip.conf"), *options, cwd=Path("/")).returncode == 0


def test_a_path_for_the_baseline_is_needed(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "--write-baseline")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cfglint: --write-baseline: say where, with --baseline FILE")


def test_what_is_mended_is_told(here: Path) -> None:
    write_tree(here, {"sip.conf": WORSE, "gone/sip.conf": BAD})
    both = ("--select", "conf-no-equals,stale-baseline-entry", "--no-config", "--baseline", "known.yaml")
    run("check", ".", *both, "--write-baseline")
    write_tree(here, {"sip.conf": BAD})
    shutil.rmtree(here / "gone")
    result = run("check", ".", *both, "-f", "json")
    assert [(f["check"], f["level"], f["path"], f["message"]) for f in json.loads(result.stdout)["findings"]] == [
        (
            "stale-baseline-entry",
            "info",
            "known.yaml",
            "the baseline accepts 'conf-no-equals' in gone/sip.conf once, and it does not occur any more",
        ),
        (
            "stale-baseline-entry",
            "info",
            "known.yaml",
            "the baseline accepts 'conf-no-equals' in sip.conf once, and it does not occur any more",
        ),
    ]
    assert result.exit_code == 0
    write_tree(here, {".cfglint.yaml": "levels: {stale-baseline-entry: error}\n"})
    assert run("check", ".", *both[:2], *both[3:]).exit_code == 1
    assert run("check", ".", *both[:2], *both[3:], "--write-baseline").exit_code == 0
    assert (here / "known.yaml").read_text().count("- check:") == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--ignore", "conf-no-equals"),  # the check did not run
        ("other",),  # the file was not read
        ("--target", "asterisk=20"),  # other versions have other findings
    ],
)
def test_of_what_was_not_judged_nothing_is_said(here: Path, options: tuple[str, ...]) -> None:
    write_tree(here, {"sip.conf": BAD, "other/sip.conf": GOOD})
    known = ("--no-config", "--baseline", "known.yaml")
    run("check", ".", "--select", "conf-no-equals", *known, "--write-baseline")
    write_tree(here, {"sip.conf": GOOD})
    where = () if options == ("other",) else (".",)
    result = run("check", *where, *options, "--select", "conf,stale-baseline-entry", *known)
    assert result.stdout.startswith("nothing to report")


def test_an_entry_that_has_expired(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    known = (*ONLY, "--baseline", "known.yaml")
    run("check", ".", *known, "--write-baseline")
    text = (here / "known.yaml").read_text()
    (here / "known.yaml").write_text(text + "  reason: the old PBX\n  expires: 2999-12-31\n")
    assert run("check", ".", *known).exit_code == 0
    (here / "known.yaml").write_text(text + "  reason: the old PBX\n  expires: 2020-02-29\n")
    result = run("check", ".", *known)
    assert result.exit_code == 1
    assert "= note: the baseline accepted it up to 2020-02-29: the old PBX (known.yaml:8)" in result.stdout
    before = (here / "known.yaml").read_text()
    assert run("check", ".", *known, "--write-baseline").exit_code == 1, "the day is not moved"
    assert (here / "known.yaml").read_text() == before


def test_secrets_do_not_get_into_a_baseline(here: Path) -> None:
    write_tree(here, {"sip.conf": WORSE})
    run("check", ".", *ONLY, "--baseline", "known.yaml", "--write-baseline")
    assert "geheim" not in (here / "known.yaml").read_text()
    write_tree(here, {"sip.conf": WORSE.replace("geheim", "anders")})
    assert concise("--baseline", "known.yaml") == []


def test_no_file_but_a_baseline_is_written_to(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "--baseline", "sip.conf", "--write-baseline")
    assert result.exit_code == 2
    assert (here / "sip.conf").read_text() == BAD


def test_fixes_leave_alone_what_is_known(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    known = (*ONLY, "--baseline", "known.yaml")
    run("check", ".", *known, "--write-baseline")
    assert run("fix", ".", *known, "--unsafe").stdout == ""
    write_tree(here, {"sip.conf": WORSE})
    patch = run("fix", ".", *known, "--unsafe").stdout
    assert [line for line in patch.splitlines() if line.startswith(("+", "-")) and "sip.conf" not in line] == [
        "-secret geheim",
        "+secret=geheim",
    ]
    done = run("fix", ".", *known, "--unsafe", "--write")
    assert (done.exit_code, (here / "sip.conf").read_text()) == (0, WORSE.replace("secret g", "secret=g"))


def test_a_baseline_within_an_archive(here: Path) -> None:
    write_tree(here, {"etc/asterisk/sip.conf": BAD, "etc/asterisk/.cfglint.yaml": "baseline: known.yaml\n"})
    options = ("--select", "conf-no-equals,stale-baseline-entry")
    assert run("check", "etc/asterisk", *options, "--write-baseline").exit_code == 0
    write_tree(here, {"etc/asterisk/sip.conf": BAD + "#include other.conf\n", "etc/asterisk/other.conf": "a b\n"})
    with tarfile.open(here / "etc.tar", "w") as archive:
        archive.add("etc")
    shutil.rmtree(here / "etc")
    result = run("check", "--archive", "etc.tar", *options, "-f", "concise")
    assert lines(result.stdout) == ["/etc/asterisk/other.conf:1"]
    refused = run("check", "--archive", "etc.tar", *options, "--write-baseline")
    assert refused.stderr.startswith("cfglint: --write-baseline: an archive is not written to; ")
    refused = run("check", "--archive", "etc.tar", *options, "--diff-base", "HEAD")
    assert refused.stderr == "cfglint: --diff-base does not go with --archive: there is no repository in it\n"


# --------------------------------------------------------------------------------------------------- since a revision

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *identity, "-C", str(folder), *arguments], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    write_tree(folder, files)
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x", "--allow-empty")
    return git(folder, "rev-parse", "HEAD")


@needs_git
def test_only_what_came_in(here: Path) -> None:
    first = commit(here, {"sip.conf": BAD + "#include more.conf\n", "more.conf": "callerid Bob\n"})
    assert concise("--diff-base", "HEAD") == []
    write_tree(here, {"sip.conf": "; moved\n" + BAD + "secret x\n#include more.conf\n"})
    assert concise("--diff-base", "HEAD") == ["sip.conf:5"], "in the working tree"
    commit(here, {"more.conf": "callerid Bob\ncontext x\n"})
    assert concise("--diff-base", first) == ["more.conf:2", "sip.conf:5"], "in commits and in included files"
    assert concise("--diff-base", "HEAD~1") == ["more.conf:2", "sip.conf:5"]
    assert concise("--diff-base", "HEAD") == []
    assert run("check", ".", *ONLY, "--diff-base", "HEAD").stdout.endswith("; 4 known findings not shown\n")


@needs_git
def test_files_that_came_went_and_moved(here: Path) -> None:
    commit(here, {"sip.conf": GOOD + "#include a.conf\n#include old.conf\n", "a.conf": "x y\n", "old.conf": "o p\n"})
    write_tree(here, {"sip.conf": GOOD + "#include b.conf\n#include new.conf\n", "new.conf": "n m\n"})
    (here / "a.conf").rename(here / "b.conf")
    (here / "old.conf").unlink()
    assert concise("--diff-base", "HEAD") == ["new.conf:1"], "a finding that moved with its file is no news"
    git(here, "add", "-A")
    assert concise("--diff-base", "HEAD") == ["new.conf:1"], "whether git knows the file or not"


@needs_git
def test_what_git_ignores_was_there(here: Path) -> None:
    commit(here, {"sip.conf": GOOD + "#include secret.conf\n", ".gitignore": "secret.conf\n"})
    write_tree(here, {"secret.conf": "secret x\n"})
    assert concise("--diff-base", "HEAD") == []


@needs_git
def test_a_new_tree_and_a_tree_below(here: Path) -> None:
    commit(here, {"a/sip.conf": BAD})
    write_tree(here, {"b/sip.conf": BAD.replace("1001", "1002")})
    assert concise("--diff-base", "HEAD") == ["b/sip.conf:3"]
    (here / "c").mkdir()
    commit(here / "c", {"sip.conf": BAD})
    assert concise("--diff-base", "HEAD") == ["b/sip.conf:3"], "a repository within has its own HEAD"


@needs_git
def test_a_comment_that_is_taken_away(here: Path) -> None:
    commit(here, {"sip.conf": BAD.replace("dynamic", "dynamic ; cfglint: ignore[conf-no-equals]")})
    write_tree(here, {"sip.conf": BAD})
    assert concise("--diff-base", "HEAD") == ["sip.conf:3"]


@needs_git
def test_with_a_baseline(here: Path) -> None:
    commit(here, {"sip.conf": BAD})
    run("check", ".", *ONLY, "--baseline", "known.yaml", "--write-baseline")
    write_tree(here, {"sip.conf": BAD + "host dynamic\n"})
    assert concise("--baseline", "known.yaml", "--diff-base", "HEAD") == ["sip.conf:4"]


@needs_git
def test_fixes_of_what_came_in(here: Path) -> None:
    commit(here, {"sip.conf": BAD})
    write_tree(here, {"sip.conf": WORSE})
    run("fix", ".", *ONLY, "--diff-base", "HEAD", "--unsafe", "--write")
    assert (here / "sip.conf").read_text() == WORSE.replace("secret g", "secret=g")


@needs_git
def test_nothing_of_the_repository_is_run(here: Path) -> None:
    commit(here, {"sip.conf": BAD, ".gitattributes": "*.conf filter=evil diff=evil\n"})
    witness = here / "witness"
    evil = here / ".git" / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {witness}\ncat\n")
    evil.chmod(0o755)
    for key in ("filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "core.fsmonitor", "diff.external"):
        git(here, "config", key, str(evil))
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        shutil.copy(evil, here / ".git" / "hooks" / hook)
    write_tree(here, {"sip.conf": WORSE})
    os.utime(here / "sip.conf", (1, 1))
    assert concise("--diff-base", "HEAD") == ["sip.conf:5"]
    assert not witness.exists()


@needs_git
def test_variables_of_a_hook_do_not_lead_elsewhere(here: Path) -> None:
    commit(here, {"sip.conf": BAD})
    other = here.parent / "other"
    other.mkdir()
    commit(other, {"sip.conf": GOOD})
    result = start("check", ".", *ONLY, "--diff-base", "HEAD", cwd=here, GIT_DIR=str(other / ".git"))
    assert (result.returncode, result.stderr) == (0, b"")


@needs_git
@pytest.mark.parametrize("revision", ["nosuch", "--help", "HEAD:sip.conf", ""])
def test_a_revision_that_is_none(here: Path, revision: str) -> None:
    commit(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "--diff-base", revision)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"cfglint: --diff-base {revision}: ")
    assert len(result.stderr.splitlines()) == 1


@needs_git
def test_no_repository(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "--diff-base", "HEAD", GIT_CEILING_DIRECTORIES=str(here.parent))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--diff-base HEAD: not a git repository" in result.stderr


def test_no_git(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "--diff-base", "HEAD", PATH=str(here))
    assert (result.exit_code, result.stderr) == (2, "cfglint: --diff-base needs git, which is not installed\n")
