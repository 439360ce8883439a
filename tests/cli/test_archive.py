from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from tests.cli.support import BAD, ONLY, run, start
from tests.support import write_tree


def pack(**files: str) -> bytes:
    """A tar archive of a directory etc/asterisk."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        folder = tarfile.TarInfo("etc/asterisk")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, text in files.items():
            member = tarfile.TarInfo(f"etc/asterisk/{name.replace('__', '.')}")
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return stream.getvalue()


def test_an_archive_is_checked_like_the_disk(here: Path) -> None:
    data = pack(sip__conf="[a]\n#include /etc/asterisk/x.conf\n", x__conf=BAD)
    for arguments in ((), ("/etc/asterisk",), ("/etc/asterisk/sip.conf",)):
        result = run("check", "--archive", "-", *arguments, *ONLY, "-f", "concise", stdin=data)
        assert (result.exit_code, result.stderr) == (1, "")
        assert result.stdout.startswith("/etc/asterisk/x.conf:3:1: warning: ")
    (here / "x.tar").write_bytes(data)
    assert start("check", "--archive", "x.tar", *ONLY, cwd=here).returncode == 1
    assert start("check", "--archive", "-", *ONLY, cwd=here, stdin=data).returncode == 1


def test_nothing_of_this_machine_is_read(here: Path) -> None:
    write_tree(here, {"x.conf": BAD, ".cfglint.yaml": "nonsense: 1\n"})
    data = pack(sip__conf=f"[a]\n#tryinclude {here}/x.conf\n")
    result = run("check", "--archive", "-", "-v", "--select", "conf-no-equals", stdin=data)
    assert result.exit_code == 0
    assert "read /etc/asterisk/sip.conf\n" in result.stderr
    assert "x.conf\n" not in result.stderr


def test_settings_lie_in_the_archive_or_are_named(here: Path) -> None:
    data = {"sip__conf": BAD, "__cfglint__yaml": "ignore: conf-no-equals\n"}
    assert run("check", "--archive", "-", stdin=pack(**data)).exit_code == 0
    assert run("check", "--archive", "-", "--no-config", stdin=pack(**data)).exit_code == 1
    write_tree(here, {"own.yaml": "fail-on: error\n"})
    assert run("check", "--archive", "-", "-c", "own.yaml", stdin=pack(**data)).exit_code == 0
    data["__cfglint__yaml"] = "ignor: x\n"
    result = run("check", "--archive", "-", stdin=pack(**data))
    assert result.stderr == (
        "cfglint: /etc/asterisk/.cfglint.yaml:1: there is no setting 'ignor'; did you mean ignore?\n"
    )


def test_overlays_of_an_archive(here: Path) -> None:
    data = pack(sip__conf="[a]\n", new=BAD)
    overlay = ("--overlay", "/etc/asterisk/sip.conf=/etc/asterisk/new")
    assert run("check", "--archive", "-", *overlay, *ONLY, stdin=data).exit_code == 1


@pytest.mark.parametrize(
    ("data", "paths", "message"),
    [
        (pack(), (), "/etc/asterisk: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory"),
        (pack(sip__conf=BAD), ("/nosuch",), "/nosuch: is not in the archive; check the path"),
        (b"x", (), "standard input: is no tar archive"),
    ],
)
def test_an_archive_that_is_of_no_use(data: bytes, paths: tuple[str, ...], message: str) -> None:
    result = run("check", "--archive", "-", *paths, *ONLY, stdin=data)
    assert (result.exit_code, result.stderr) == (2, f"cfglint: {message}\n")


def test_the_patch_of_an_archive(here: Path) -> None:
    data = pack(sip__conf="[1]\ntype=friend\nsecret=x\ncallerid Bob\n")
    result = run("fix", "--archive", "-", "--unsafe", *ONLY, stdin=data)
    assert result.exit_code == 1
    assert "+++ b/etc/asterisk/sip.conf\n" in result.stdout
    assert "\n+callerid=Bob\n" in result.stdout
    result = run("fix", "--archive", "-", "--unsafe", "--write", *ONLY, stdin=data)
    assert result.exit_code == 2
    assert "--write needs files to write to" in result.stderr


def test_fixes_as_json(here: Path) -> None:
    text = "[1]\ntype=friend\nsecret=geheim\ncallerid Bob \udcff\nhost\n"
    write_tree(here, {"sip.conf": text, "other/sip.conf": "[1]\ntype=friend\nhost dynamic\n"})
    result = run("fix", ".", "--unsafe", *ONLY, "-f", "json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    after = text.replace("callerid ", "callerid=")
    assert found["files"] == [
        {
            "path": "sip.conf",
            "before": text,
            "after": after,
            "checks": ["conf-no-equals"],
            "masked": {"before": text.replace("geheim", "********"), "after": after.replace("geheim", "********")},
        }
    ]
    reason = "it would let a stranger in (REGISTER 1 with a wrong password: 401 403 -> 200)"
    assert found["refused"] == [{"check": "conf-no-equals", "path": "other/sip.conf", "line": 3, "reason": reason}]
    assert [f["path"] for f in found["remaining"]["findings"]] == ["other/sip.conf", "sip.conf"]
    assert (here / "sip.conf").read_bytes().decode("utf-8", "surrogateescape") == text


def test_the_command_line_reads_a_secret_nowhere_but_in_the_fix(here: Path) -> None:
    data = pack(sip__conf="[1]\ntype=friend\nsecret geheim\n")
    assert "geheim" not in run("check", "--archive", "-", "--no-config", stdin=data).output
