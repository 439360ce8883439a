"""Only the user's own, whole files count."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cfglint import cache as module
from cfglint.cache import Cache

ENTRIES = {"a": {"b": [1, "\udcff"]}}


def saved(key: str | int, entries: dict[str, Any] = ENTRIES) -> None:
    """Keep these and nothing else."""
    cache = Cache([key])
    for name, entry in entries.items():
        cache.put(name, entry)
    cache.save([])


def found(key: str) -> dict[str, Any]:
    """What was kept."""
    cache = Cache([key])
    return {name: entry for name in ENTRIES if (entry := cache.get(name)) is not None}


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
    assert found("x") == {}
    saved("x")
    assert found("x") == ENTRIES
    assert found("y") == {}
    assert [base.stat().st_mode & 0o777, file(base).parent.stat().st_mode & 0o777] == [0o700, 0o700]
    assert file(base).stat().st_mode & 0o777 == 0o600


def test_without_the_variable_it_lies_in_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        saved(value)
    assert len(list((tmp_path / ".cache" / "cfglint").iterdir())) == 2


@pytest.mark.parametrize("at", [0, 39, 40, -1])
def test_a_byte_that_is_not_as_it_was(base: Path, at: int) -> None:
    saved("x")
    data = bytearray(file(base).read_bytes())
    data[at] ^= 1
    file(base).write_bytes(data)
    assert found("x") == {}


@pytest.mark.parametrize("text", ["", "x", "\n", '"a"', '"a"\t\t\n', "[" * 100_000])
def test_other_content(base: Path, text: str) -> None:
    saved("x")
    file(base).write_text(text)
    assert found("x") == {}


@pytest.mark.parametrize("text", ["", "x", "[" * 100_000])
def test_an_entry_that_is_none(base: Path, text: str) -> None:
    saved("x")
    file(base).write_text("\t".join(('"a"', module._digest(f'"a"{text}'.encode()), text)) + "\n")
    assert found("x") == {}


def test_what_is_kept_and_what_is_new_come_together(base: Path) -> None:
    saved("x", {"a": 1, "b": 2, "c": 3})
    cache = Cache(["x"])
    cache.put("b", 4)
    cache.save(["a"])
    later = Cache(["x"])
    assert [later.get(name) for name in "abc"] == [1, 4, None]
    assert ["a" in later, "c" in later] == [True, False]


def test_what_has_not_changed_is_not_written_again(base: Path) -> None:
    saved("x", {"a": 1, "b": 2})
    before = file(base).stat().st_ino
    Cache(["x"]).save(["a", "b"])
    assert file(base).stat().st_ino == before
    Cache(["x"]).save(["a"])
    assert [Cache(["x"]).get(name) for name in "ab"] == [1, None]


def test_the_file_stays_as_it_was_until_all_is_there(base: Path) -> None:
    saved("x", {"a": 1})
    cache = Cache(["x"])
    cache.put("a", 2)
    assert Cache(["x"]).get("a") == 1
    cache.save([])
    assert Cache(["x"]).get("a") == 2


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_directory_that_others_may_look_into(base: Path, mode: int) -> None:
    saved("x")
    (base / "cfglint").chmod(mode)
    assert found("x") == {}
    saved("y")
    assert len(list((base / "cfglint").iterdir())) == 1


def test_a_directory_in_one_that_others_may_write_to(base: Path) -> None:
    saved("x")
    base.chmod(0o777)
    assert found("x") == {}


def test_a_file_that_others_may_read(base: Path) -> None:
    saved("x")
    file(base).chmod(0o604)
    assert found("x") == {}


def test_somebody_elses(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved("x")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    file(base).rename(base / "cfglint" / Cache(["x"])._name)
    assert found("x") == {}
    saved("x", {"a": 2})
    monkeypatch.undo()
    assert file(base).read_bytes().endswith(json.dumps(ENTRIES["a"], separators=(",", ":")).encode() + b"\n")


def test_links_are_not_followed(base: Path, tmp_path: Path) -> None:
    saved("x")
    real = tmp_path / "real"
    file(base).rename(real)
    name = base / "cfglint" / Cache(["x"])._name
    name.symlink_to(real)
    assert found("x") == {}
    saved("x", {})
    assert b"b" in real.read_bytes()[40:], "the link was replaced, not what it led to"
    (base / "cfglint").rename(tmp_path / "moved")
    (base / "cfglint").symlink_to(tmp_path / "moved")
    assert found("x") == {}


def test_a_fifo_in_its_place(base: Path) -> None:
    saved("x")
    name = file(base)
    name.unlink()
    os.mkfifo(name, 0o600)
    assert found("x") == {}


def test_where_nothing_can_be_written_nothing_is_kept(base: Path) -> None:
    base.write_text("a file")
    saved("x")
    assert found("x") == {}


def test_what_is_too_large(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved("x")
    monkeypatch.setattr(module, "MAX_BYTES", 20)
    assert found("x") == {}
    saved("y")
    assert len(list((base / "cfglint").iterdir())) == 1


def test_old_files_go(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 2)
    for number in range(4):
        saved(number, {"n": number})
        os.utime(base / "cfglint" / Cache([number])._name, (number, number))
    left = base / "cfglint" / ".left.json.1"
    left.write_text("")
    os.utime(left, (1, 1))
    saved(9)
    assert [number for number in (0, 1, 2, 3, 9) if (base / "cfglint" / Cache([number])._name).exists()] == [3, 9]
    assert not left.exists()


def test_it_is_never_unpickled() -> None:
    text = Path(module.__file__).read_text()
    assert not any(word in text for word in ("pickle", "marshal", "shelve", "eval("))
