"""Formats, files and terminals that a report goes to."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cfglint.cli.output import FORMATS
from tests.cli.support import BAD, ONLY, one_message, run, start
from tests.support import write_tree


def test_formats(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert len(run("check", ".", *ONLY, "-f", "concise").stdout.splitlines()) == 1
    found = json.loads(run("check", ".", *ONLY, "-f", "json").stdout)
    assert [finding["check"] for finding in found["findings"]] == ["conf-no-equals"]


def test_every_format_is_there(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    for form in FORMATS:
        result = run("check", ".", *ONLY, "-f", form)
        assert result.exit_code == 1
        assert "conf-no-equals" in result.stdout
        assert result.stderr == ""


def test_several_formats_at_once(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    alone = {form: run("check", ".", *ONLY, "-f", form).stdout for form in ("sarif", "junit", "concise")}
    result = run("check", ".", *ONLY, "-f", "sarif=out.sarif", "-f", "concise", "-f", "junit=new.xml")
    assert (result.exit_code, result.stdout, result.stderr) == (1, alone["concise"], "")
    assert (here / "out.sarif").read_text() == alone["sarif"]
    assert (here / "new.xml").read_text() == alone["junit"]
    assert sorted(path.name for path in here.iterdir()) == ["new.xml", "out.sarif", "sip.conf"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("-f", "sarif", "-f", "json"),
            "--format: sarif and json would both go to standard output; give one a file: FORMAT=FILE",
        ),
        (
            ("-f", "sarif=a", "-f", "json=./a"),
            "--format: sarif and json would both go to ./a; give one a file: FORMAT=FILE",
        ),
        (
            ("-f", "sarif=a", "-o", "b"),
            "--output b: every format has a file of its own already; leave one of the two out",
        ),
        (
            ("-f", "sarif=a", "-f", "json=sip.conf"),
            "sip.conf: is one of the files that are checked; name another for the output",
        ),
        (
            ("-f", "sarif=a", "-f", "json=nosuch/b"),
            "nosuch/b: cannot be written: No such file or directory; nothing was changed",
        ),
        (("-f", "json=.", "-f", "sarif=a"), ".: cannot be written: Is a directory; nothing was changed"),
    ],
)
def test_formats_that_do_not_go_together(here: Path, options: tuple[str, ...], message: str) -> None:
    write_tree(here, {"sip.conf": BAD, "a": "as it was"})
    result = run("check", "sip.conf", *ONLY, *options)
    assert (result.exit_code, result.stdout, one_message(result.stderr)) == (2, "", message)
    assert (here / "a").read_text() == "as it was"
    assert sorted(path.name for path in here.iterdir()) == ["a", "sip.conf"]


@pytest.mark.parametrize("value", ["xml", "sarif=", "=out", ""])
def test_formats_that_are_none(here: Path, value: str) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", "sip.conf", *ONLY, "-f", value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")


def test_github_is_picked_in_its_jobs(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert run("check", ".", *ONLY, GITHUB_ACTIONS="true").stdout.startswith("::warning file=sip.conf,")
    assert not run("check", ".", *ONLY, "-f", "text", GITHUB_ACTIONS="true").stdout.startswith("::")
    assert not run("check", ".", *ONLY, GITHUB_ACTIONS="").stdout.startswith("::")
    assert run("check", ".", *ONLY, "-o", "out", GITHUB_ACTIONS="true").stdout == ""
    assert not (here / "out").read_text().startswith("::"), "a file is for somebody else"
    assert not on_a_terminal(["check", ".", *ONLY], {"GITHUB_ACTIONS": "true"}).startswith(b"::")


def test_the_report_on_standard_error(here: Path) -> None:
    """Where a program shows only that, as Ansible's validate does."""
    write_tree(here, {"sip.conf": BAD})
    result = start("check", ".", *ONLY, "-f", "concise", "-o", "/dev/stderr", cwd=here)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"sip.conf:3:1: warning: ")


def test_json_says_what_failed(here: Path) -> None:
    write_tree(here, {"sip.conf": ""})
    result = run("check", ".", "--no-config", "-f", "json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["failures"] == [
        {"path": "sip.conf", "line": 1, "message": "is empty: there is nothing to check"}
    ]


def test_quiet_and_verbose(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n#include x.conf\n", "x.conf": ""})
    assert run("check", ".", *ONLY, "-q").stdout == ""
    assert run("check", ".", *ONLY, "-v").stderr.startswith("read sip.conf\nread x.conf\n")


def test_output_goes_to_a_file(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "-o", "out.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert (here / "out.txt").read_text() == run("check", ".", *ONLY).stdout


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("nosuch/out", "nosuch/out: cannot be written: No such file or directory; nothing was changed"),
        (".", ".: cannot be written: Is a directory; nothing was changed"),
        ("sip.conf", "sip.conf: is one of the files that are checked; name another for the output"),
        ("link", "link: is one of the files that are checked; name another for the output"),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix", "show"])
def test_output_that_cannot_be(here: Path, command: str, output: str, message: str) -> None:
    write_tree(here, {"sip.conf": "[general]\nexternip=10.0.0.1\n"})
    (here / "link").symlink_to("sip.conf")
    result = run(command, "sip.conf", "--no-config", "-o", output)
    assert (result.exit_code, one_message(result.stderr)) == (2, message)
    assert (here / "sip.conf").read_text() == "[general]\nexternip=10.0.0.1\n"


def test_a_full_disk(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", "sip.conf", *ONLY, "-o", "/dev/full")
    assert one_message(result.stderr) == "/dev/full: cannot be written: No space left on device; nothing was changed"


FULL = "cfglint: standard output: cannot be written: No space left on device\n"


@pytest.mark.parametrize(
    "command",
    [
        *("check sip.conf", "check sip.conf -f json", "show sip.conf", "rules", "schema"),
        *(
            "trace sip.conf --register 1001@x",
            "explain conf-no-equals",
            "manual",
            "--version",
            "--help",
            "check --help",
        ),
        "upgrade-check sip.conf --from asterisk=18 --to asterisk=20",
    ],
)
def test_standard_output_that_takes_nothing(here: Path, command: str) -> None:
    write_tree(here, {"sip.conf": BAD})
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cfglint", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, FULL)


@pytest.mark.parametrize(
    ("redirected", "code"),
    [
        (">&-", 1),
        ("2>&-", 1),
        (">&- 2>&-", 1),
        ("nosuch >&-", 2),
        ("nosuch 2>&-", 2),
        ("nosuch 2> /dev/full", 2),
        ("> /dev/full 2> /dev/full", 2),
        ("-o out >&-", 1),
    ],
)
def test_the_exit_code_is_right_where_nobody_is_told_why(here: Path, redirected: str, code: int) -> None:
    """As with programs of a system's own: what is closed is not written to."""
    write_tree(here, {"sip.conf": BAD})
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m cfglint check sip.conf --no-config {redirected}', sys.executable],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert "internal error" not in done.stderr
    assert (here / "sip.conf").read_text() == BAD
    if "out" in redirected.split():
        assert "conf-no-equals" in (here / "out").read_text()


def test_secrets_are_not_shown(here: Path) -> None:
    write_tree(here, {"sip.conf": "[1001]\ntype=friend\nsecret geheim\nsecert=geheim\n"})
    for form in FORMATS:
        result = run("check", "sip.conf", "--no-config", "-f", form)
        assert result.exit_code == 1
        assert "geheim" not in result.output


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> bytes:
    """What a command writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(environment)
        os.execv(sys.executable, [sys.executable, "-m", "cfglint", *arguments])
    written = b""
    with suppress(OSError):  # how Linux tells that the other side is gone
        while piece := os.read(terminal, 4096):
            written += piece
    os.close(terminal)
    os.waitpid(child, 0)
    return written


def test_color(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    arguments = ["check", "sip.conf", *ONLY]
    assert b"\x1b[" in on_a_terminal(arguments, {"TERM": "xterm"})
    assert b"\x1b[" not in on_a_terminal(arguments, {"NO_COLOR": "1"})
    assert b"\x1b[" not in on_a_terminal([*arguments, "--color", "never"], {})
    assert b"\x1b[" in on_a_terminal([*arguments, "--color", "always"], {"NO_COLOR": "1"})
    assert b"\x1b[" not in start(*arguments, cwd=here).stdout
    assert b"\x1b[" in start(*arguments, "--color", "always", cwd=here).stdout
