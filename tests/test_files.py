from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cfglint import files as module
from cfglint.errors import UnreadableInput
from cfglint.files import Files, part_below, read_bytes


def reason(path: str) -> str:
    with pytest.raises(UnreadableInput) as caught:
        Files().read(path)
    return caught.value.reason


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "sip.conf"
    path.write_bytes(b"\xff\r\n")
    source = Files().read(str(path))
    assert source.text == "\udcff\r\n"
    assert source.path == str(path)


@pytest.mark.parametrize(
    ("path", "directory", "part"),
    [
        ("/etc/asterisk/pjsip.d/1.conf", "/etc/asterisk", "pjsip.d/1.conf"),
        ("/usr/local/etc/asterisk/1.conf", "/etc/asterisk/", "1.conf"),
        ("/opt/pbx/1.conf", "/opt/pbx/", "1.conf"),
        ("/usr/local/opt/pbx/1.conf", "/opt/pbx", None),
        ("/etc/asterisk-old/1.conf", "/etc/asterisk", None),
        ("/etc/asterisk", "/etc/asterisk", None),
    ],
)
def test_what_lies_below_the_servers_own_directory(path: str, directory: str, part: str | None) -> None:
    assert part_below(path, directory) == part


def test_a_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "sip.conf"
    path.write_text("one")
    files = Files()
    first = files.read(str(path))
    path.write_text("two")
    assert files.read(str(path)) is first


@pytest.mark.parametrize(
    "spelling", ["./a.conf", "../x/a.conf", "link.conf", "hard.conf", "folder/a.conf", "/{0}/a.conf"]
)
def test_however_it_is_called_one_file_is_one_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    here = tmp_path / "x"
    here.mkdir()
    (here / "a.conf").write_text("text")
    (here / "link.conf").symlink_to("a.conf")
    (here / "folder").symlink_to(".")
    os.link(here / "a.conf", here / "hard.conf")
    monkeypatch.chdir(here)
    files = Files()
    assert files.read(spelling.format(here)) is files.read("a.conf")


def test_equal_files_are_two_sources(tmp_path: Path) -> None:
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_text("same")
    files = Files()
    assert files.read(str(tmp_path / "a.conf")) is not files.read(str(tmp_path / "b.conf"))


def test_a_file_system_without_inode_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_text(name)
    stat = os.stat

    def unnumbered(path: str, **options: bool) -> os.stat_result:
        fields = list(stat(path, **options))
        fields[1] = 0
        return os.stat_result(fields)

    monkeypatch.setattr(os, "stat", unnumbered)
    files = Files()
    assert files.read(str(tmp_path / "a.conf")).text == "a.conf"
    assert files.read(str(tmp_path / "b.conf")).text == "b.conf"


# ----------------------------------------------------------------------------------------------------------- bad input


def test_missing(tmp_path: Path) -> None:
    assert reason(str(tmp_path / "nosuch")) == "there is no such file; check the path"
    assert reason(str(tmp_path / "no" / "such")) == "there is no such file; check the path"
    (tmp_path / "dangling").symlink_to("nosuch")
    assert reason(str(tmp_path / "dangling")) == "there is no such file; check the path"


def test_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    assert reason(str(tmp_path)) == "is a directory, not a file; name a file or its directory"
    assert reason(str(tmp_path / "fifo")) == "is a FIFO, not a file; name a file or its directory"
    assert reason("/dev/zero") == "is a device, not a file; name a file or its directory"
    assert reason("/dev/null") == "is a device, not a file; name a file or its directory"
    assert reason(str(tmp_path / "socket")) == "is a socket, not a file; name a file or its directory"


def test_a_device_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", lambda *arguments, **options: pytest.fail("opening can do something"))
    assert reason("/dev/null") == "is a device, not a file; name a file or its directory"


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert reason(str(tmp_path / "a")) == "cannot be read: Too many levels of symbolic links"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    (tmp_path / "sip.conf").write_text("x")
    monkeypatch.setattr(os, "open", refuse)
    assert reason(str(tmp_path / "sip.conf")) == "may not be read; run cfglint as a user who can read it"


def test_impossible_names(tmp_path: Path) -> None:
    assert reason("a\0b") == "is not a usable file name"
    assert reason(str(tmp_path / ("x" * 300))) == "cannot be read: File name too long"
    assert reason(str(tmp_path / "sip.conf" / "x")) == "there is no such file; check the path"


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "sip.conf", "wb") as stream:
        stream.truncate(module.MAX_BYTES + 1)
    assert reason(str(tmp_path / "sip.conf")) == "is larger than 64 MiB; is it a configuration file at all?"
    monkeypatch.setattr(module, "MAX_BYTES", 2)
    (tmp_path / "exact").write_text("xx")
    assert read_bytes(str(tmp_path / "exact"), "") == b"xx"


# ------------------------------------------------------------------------------------------------------------ overlays


def test_an_overlay_stands_in_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.conf").write_text("old")
    (tmp_path / "link.conf").symlink_to("a.conf")
    monkeypatch.chdir(tmp_path)
    files = Files({"link.conf": "new"})
    assert files.read(str(tmp_path / "a.conf")).text == "new"
    assert files.read("a.conf") is files.read("link.conf")


def test_an_overlay_of_a_file_to_come(tmp_path: Path) -> None:
    (tmp_path / "there.conf").write_text("x")
    (tmp_path / "link").symlink_to(".")
    new = tmp_path / "phones" / "hall" / "new.conf"
    files = Files({str(new): "text"})
    assert files.read(str(new)).text == "text"
    assert files.read(str(tmp_path / "link" / "phones" / "hall" / "new.conf")).text == "text"
    assert files.is_regular(str(new))
    assert files.exists(str(new))
    assert files.exists(str(new.parent))
    assert files.is_directory(str(new.parent))
    assert not files.is_regular(str(new.parent))
    assert sorted(files.names(str(tmp_path))) == ["link", "phones", "there.conf"]
    assert files.names(str(new.parent)) == ["new.conf"]
    assert not new.exists()


def test_hidden_files_are_not_there(tmp_path: Path) -> None:
    for name in ("a.conf", "b.conf"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to(tmp_path)
    files = Files({}, hidden=[str(tmp_path / "a.conf")])
    assert files.names(str(tmp_path / "link")) in (["b.conf", "link"], ["link", "b.conf"])
    for folder in (tmp_path, tmp_path / "link"):
        assert not files.is_regular(str(folder / "a.conf"))
        assert not files.exists(str(folder / "a.conf"))
        with pytest.raises(UnreadableInput, match="there is no such file"):
            files.read(str(folder / "a.conf"))
    assert files.read(str(tmp_path / "b.conf")).text == "b.conf"


def test_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("")
    (tmp_path / "dangling").symlink_to("nosuch")
    (tmp_path / "folder").mkdir()
    (tmp_path / "linked").symlink_to("folder")
    files = Files()
    names = ("a.conf", "dangling", "folder", "linked", "nosuch")
    assert [files.is_regular(str(tmp_path / n)) for n in names] == [True, False, False, False, False]
    assert [files.exists(str(tmp_path / n)) for n in names] == [True, True, True, True, False]
    assert [files.is_directory(str(tmp_path / n)) for n in names] == [False, False, True, False, False]
    assert sorted(files.names(str(tmp_path))) == ["a.conf", "dangling", "folder", "linked"]
    assert files.names(str(tmp_path / "nosuch")) == []
    assert not files.is_regular("a\0b")
    with pytest.raises(UnreadableInput, match="there is no such file"):
        files.require_directory(str(tmp_path / "nosuch"))


# --------------------------------------------------------------------------------------------------------- shown paths


def test_paths_are_shown_relative_to_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    files = Files()
    assert files.shown("a.conf") == "a.conf"
    assert files.shown("./x//a.conf") == "x/a.conf"
    assert files.shown(str(here / "a.conf")) == "a.conf"
    assert files.shown("../a.conf") == str(tmp_path / "a.conf")
    assert files.shown(str(tmp_path / "hereafter")) == str(tmp_path / "hereafter")


def test_two_dots_behind_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "far" / "below").mkdir(parents=True)
    (tmp_path / "far" / "a.conf").write_text("far")
    (tmp_path / "a.conf").write_text("near")
    (tmp_path / "link").symlink_to("far/below")
    monkeypatch.chdir(tmp_path)
    source = Files().read("link/../a.conf")
    assert (source.text, source.path) == ("far", "far/a.conf")
