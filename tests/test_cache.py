"""Only the user's own, whole files count."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cfglint import cache as module
from cfglint.cache import Cache

ENTRIES = {"a": {"b": [1, "\udcff"]}}


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where caches lie."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def file(base: Path) -> Path:
    """The one file."""
    (found,) = (base / "cfglint").iterdir()
    return found


def test_what_was_saved_is_loaded(base: Path) -> None:
    assert Cache(["x"]).load() == {}
    Cache(["x"]).save(ENTRIES)
    assert Cache(["x"]).load() == ENTRIES
    assert Cache(["y"]).load() == {}
    assert [base.stat().st_mode & 0o777, file(base).parent.stat().st_mode & 0o777] == [0o700, 0o700]
    assert file(base).stat().st_mode & 0o777 == 0o600


def test_without_the_variable_it_lies_in_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        Cache([value]).save(ENTRIES)
    assert len(list((tmp_path / ".cache" / "cfglint").iterdir())) == 2


@pytest.mark.parametrize("at", [0, 39, 40, -1])
def test_a_byte_that_is_not_as_it_was(base: Path, at: int) -> None:
    Cache(["x"]).save(ENTRIES)
    data = bytearray(file(base).read_bytes())
    data[at] ^= 1
    file(base).write_bytes(data)
    assert Cache(["x"]).load() == {}


@pytest.mark.parametrize("text", ["", "x", "[1]", '"text"', "[" * 100_000])
def test_other_content(base: Path, text: str) -> None:
    Cache(["x"]).save(ENTRIES)
    file(base).write_bytes(module._digest(text.encode()).encode() + text.encode())
    assert Cache(["x"]).load() == {}
    file(base).write_text(text)
    assert Cache(["x"]).load() == {}


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_directory_that_others_may_look_into(base: Path, mode: int) -> None:
    Cache(["x"]).save(ENTRIES)
    (base / "cfglint").chmod(mode)
    assert Cache(["x"]).load() == {}
    Cache(["y"]).save(ENTRIES)
    assert len(list((base / "cfglint").iterdir())) == 1


def test_a_directory_in_one_that_others_may_write_to(base: Path) -> None:
    Cache(["x"]).save(ENTRIES)
    base.chmod(0o777)
    assert Cache(["x"]).load() == {}


def test_a_file_that_others_may_read(base: Path) -> None:
    Cache(["x"]).save(ENTRIES)
    file(base).chmod(0o604)
    assert Cache(["x"]).load() == {}


def test_somebody_elses(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(["x"]).save(ENTRIES)
    mine = Cache(["x"])
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert mine.load() == {}
    mine.save({})
    monkeypatch.undo()
    assert file(base).read_bytes()[40:] == json.dumps(ENTRIES, separators=(",", ":")).encode()


def test_links_are_not_followed(base: Path, tmp_path: Path) -> None:
    Cache(["x"]).save(ENTRIES)
    real = tmp_path / "real"
    file(base).rename(real)
    name = base / "cfglint" / Cache(["x"])._name
    name.symlink_to(real)
    assert Cache(["x"]).load() == {}
    Cache(["x"]).save({})
    assert b"b" in real.read_bytes()[40:], "the link was replaced, not what it led to"
    (base / "cfglint").rename(tmp_path / "moved")
    (base / "cfglint").symlink_to(tmp_path / "moved")
    assert Cache(["x"]).load() == {}


def test_a_fifo_in_its_place(base: Path) -> None:
    Cache(["x"]).save(ENTRIES)
    name = file(base)
    name.unlink()
    os.mkfifo(name, 0o600)
    assert Cache(["x"]).load() == {}


def test_where_nothing_can_be_written_nothing_is_kept(base: Path) -> None:
    base.write_text("a file")
    Cache(["x"]).save(ENTRIES)
    assert Cache(["x"]).load() == {}


def test_what_is_too_large(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(["x"]).save(ENTRIES)
    monkeypatch.setattr(module, "MAX_BYTES", 20)
    assert Cache(["x"]).load() == {}
    Cache(["y"]).save(ENTRIES)
    assert len(list((base / "cfglint").iterdir())) == 1


def test_old_files_go(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 2)
    for number in range(4):
        Cache([number]).save({"n": number})
        os.utime(base / "cfglint" / Cache([number])._name, (number, number))
    left = base / "cfglint" / ".left.json.1"
    left.write_text("")
    os.utime(left, (1, 1))
    Cache([9]).save({})
    assert [number for number in (0, 1, 2, 3, 9) if (base / "cfglint" / Cache([number])._name).exists()] == [3, 9]
    assert not left.exists()


def test_it_is_never_unpickled() -> None:
    text = Path(module.__file__).read_text()
    assert not any(word in text for word in ("pickle", "marshal", "shelve", "eval("))
