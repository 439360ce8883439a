"""Fixes are shown one by one, with whom they help, and only those are made that are said yes to."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cfglint.cli import fix
from tests.cli.support import run, start
from tests.support import write_tree

GENERAL = "[general]\nallowguest=no\n"
PHONE = "[{}]\ntype=friend\nsecret=s3cret\n\n"
BAD = GENERAL + "".join(map(PHONE.format, (1001, 1002, 1003)))
OPTIONS = (".", "--no-config", "--interactive")


def mended(*names: int) -> str:
    text, phone = BAD, "[{}]\ntype=friend\nsecret=s3cret\n"
    for name in names:
        text = text.replace(phone.format(name), phone.format(name) + "host=dynamic\n")
    return text


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_tree(tmp_path, {"sip.conf": BAD})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fix, "require_terminal", lambda: None)


def test_without_a_terminal(here: Path) -> None:
    result = start("fix", *OPTIONS, "--write", cwd=here)
    assert result.returncode == 2
    assert b"--interactive needs a terminal to ask on" in result.stderr
    assert (here / "sip.conf").read_text() == BAD


def test_on_a_terminal(here: Path) -> None:
    """A real one, as somebody sits before it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cfglint", "fix", *OPTIONS, "--write"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "NO_COLOR": "1"})
    os.close(theirs)
    seen, answers = "", ["?", "y", "n", "y"]
    while True:
        try:
            seen += os.read(ours, 65536).decode()
        except OSError:  # the terminal is gone with the process
            break
        if seen.count("make this change?") > 4 - len(answers) and answers:
            os.write(ours, answers.pop(0).encode() + b"\n")
    os.close(ours)
    assert process.wait() == 1
    assert "a - make this change and all that remain" in seen
    assert "REGISTER 1001: 401 403 -> 401 200" in seen
    assert (here / "sip.conf").read_text() == mended(1001, 1003)


@pytest.mark.usefixtures("terminal")
class TestAnswers:
    def test_what_is_shown(self) -> None:
        result = run("fix", *OPTIONS, stdin=b"q\n")
        assert result.stderr == (
            "sip.conf:3:2: warning: '1001' has no host: it can neither register nor be called [sip-host-not-dynamic]\n"
            "unsafe fix: let '1001' register\n"
            "--- a/sip.conf\n"
            "+++ b/sip.conf\n"
            "@@ -3,6 +3,7 @@ sip-host-not-dynamic\n"
            " [1001]\n"
            " type=friend\n"
            " secret=s3cret\n"
            "+host=dynamic\n"
            " \n"
            " [1002]\n"
            " type=friend\n"
            "REGISTER 1001: 401 403 -> 401 200\n"
            "make this change? [y,n,a,q,?] q\n\n"
        )
        assert (result.stdout, result.exit_code) == ("", 1)

    @pytest.mark.parametrize(
        ("answers", "names"),
        [
            ("y n y", (1001, 1003)),
            ("n a", (1002, 1003)),
            ("y q", (1001,)),
            ("Yes no NO", (1001,)),
            ("? what y q", (1001,)),
            ("a", (1001, 1002, 1003)),
        ],
    )
    def test_only_what_is_wanted_is_written(self, here: Path, answers: str, names: tuple[int, ...]) -> None:
        run("fix", *OPTIONS, "--write", stdin=answers.replace(" ", "\n").encode() + b"\n")
        assert (here / "sip.conf").read_text() == mended(*names)

    def test_without_write_a_patch_is_printed(self, here: Path) -> None:
        result = run("fix", *OPTIONS, stdin=b"n\ny\nq\n")
        subprocess.run(["git", "apply", "-"], input=result.stdout_bytes, check=True)
        assert (here / "sip.conf").read_text() == mended(1002)

    def test_nobody_answers(self, here: Path) -> None:
        result = run("fix", *OPTIONS, "--write", stdin=b"y\n")
        assert result.exit_code == 2
        assert (here / "sip.conf").read_text() == BAD

    def test_what_lets_a_stranger_in_is_not_offered(self, here: Path) -> None:
        endpoint = "[udp]\ntype=transport\nbind=0.0.0.0\n[1001]\ntype=endpoint\nallow=ulaw\nnat=yes\n"
        (here / "sip.conf").unlink()
        write_tree(here, {"pjsip.conf": endpoint})
        result = run("fix", *OPTIONS, "--write", stdin=b"")
        assert (
            "not offered, as it would let a stranger in (INVITE from 1001 without credentials: 401 -> 200)"
            in result.stderr
        )
        assert (here / "pjsip.conf").read_text() == endpoint

    def test_what_only_shows_after_another_fix_is_asked_for(self, here: Path) -> None:
        """The aor loads only when its unknown option is gone; then it is seen to keep its only contact."""
        phone = "[1001]\ntype=endpoint\nauth=1001\naors=1001\n[1001]\ntype=auth\nusername=1001\npassword=x\n"
        aor = "[1001]\ntype=aor\nmax_contacts=1\n"
        (here / "sip.conf").unlink()
        write_tree(here, {"pjsip.conf": "[udp]\ntype=transport\nbind=0.0.0.0\n" + phone + aor + "nat=yes\n"})
        result = run("fix", *OPTIONS, "--write", stdin=b"y\nn\n")
        assert "[pjsip-max-contacts-no-remove-existing]" in result.stderr
        assert (here / "pjsip.conf").read_text().endswith(phone + aor)

    def test_nothing_raw_reaches_the_terminal(self, here: Path) -> None:
        write_tree(here, {"sip.conf": GENERAL + "[1001]\ntype=friend\nsecret=s3cret\ncallerid=\x1b[31mred\x9b\n"})
        result = run("fix", *OPTIONS, stdin=b"q\n")
        assert "\x1b" not in result.stderr
        assert "callerid=\\x1b[31mred" in result.stderr
