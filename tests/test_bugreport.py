from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cfglint import __version__, engine
from tests.cli.support import run


def unpacked(path: Path) -> dict[str, str]:
    """Name to text."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name).decode("utf-8", "surrogateescape") for name in archive.namelist()}


def test_it_holds_what_was_read_and_said_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("[1001]\ntype=friend\nhost dynamic\nsecret=geheim12\nsecert geheim13\n")
    result = run("check", "--debug-report", tmp_path / "out.zip", "--no-config", tmp_path)
    assert result.exit_code == 1
    found = unpacked(tmp_path / "out.zip")
    assert found["files/0.txt"].startswith("[1001]\ntype=friend\nhost dynamic\nsecret=****")
    assert "sip.conf" in found["files.txt"]
    assert "conf-no-equals" in found["report-0.json"]
    assert found["crash.txt"] == ""
    assert f"cfglint {__version__}" in found["versions.txt"]
    assert not any("geheim" in text for text in found.values())


def test_a_crash_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*arguments: object) -> None:
        raise ZeroDivisionError("secret=geheim")

    (tmp_path / "sip.conf").write_text("[1001]\n")
    monkeypatch.setattr(engine, "concluded", crash)
    with pytest.raises(AssertionError):
        run("check", "--debug-report", tmp_path / "out.zip", "--no-config", tmp_path)
    crashed = unpacked(tmp_path / "out.zip")["crash.txt"]
    assert "ZeroDivisionError" in crashed
    assert "geheim" not in crashed


def test_it_goes_over_no_file_that_was_read(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("[1001]\n")
    result = run("check", "--debug-report", tmp_path / "sip.conf", "--no-config", tmp_path)
    assert result.exit_code == 2
    assert (tmp_path / "sip.conf").read_text() == "[1001]\n"


def test_verbose_tells_what_took_how_long(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("[1001]\ntype=friend\nhost dynamic\n")
    told = run("check", "--verbose", "--no-config", tmp_path).stderr
    for what in ("finding what is to be judged", "reading and parsing", "conf-no-equals", "writing the report"):
        assert any(line.endswith(f" ms {what}") for line in told.splitlines()), what
    assert " ms " not in run("check", "--no-config", tmp_path).stderr
