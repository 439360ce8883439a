"""An archive answers as the disk does that it was packed from."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from cfglint import archive
from cfglint.archive import ArchivedFiles, Snapshot
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from tests.support import write_tree

TREE = {"pjsip.conf": "[a]\n", "d/1.conf": "[1]\n", "d/deep/2.conf": "\udcff", "e/.hidden": ""}


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "etc"
    write_tree(folder, TREE)
    (folder / "link.conf").symlink_to("d/1.conf")
    (folder / "linked").symlink_to("d")
    (folder / "absolute").symlink_to(folder / "d" / "deep")
    (folder / "dangling").symlink_to("nosuch")
    (folder / "loop").symlink_to("loop")
    (folder / "empty").mkdir()
    os.link(folder / "pjsip.conf", folder / "same.conf")
    os.mkfifo(folder / "fifo")
    return folder


@pytest.fixture(params=["w", "w:gz", "w:xz"])
def packed(request: pytest.FixtureRequest, disk: Path, tmp_path: Path) -> Files:
    path = tmp_path / "packed"
    with tarfile.open(path, request.param) as tar:
        tar.add(disk)
    return ArchivedFiles(archive.read(str(path)))


PATHS = [
    "",
    "pjsip.conf",
    "d",
    "d/1.conf",
    "d/deep/2.conf",
    "d/../pjsip.conf",
    "link.conf",
    "linked",
    "linked/1.conf",
    "linked/deep/2.conf",
    "absolute/2.conf",
    "dangling",
    "loop",
    "empty",
    "same.conf",
    "fifo",
    "nosuch",
    "nosuch/x",
    "pjsip.conf/x",
]


@pytest.mark.parametrize("name", PATHS)
def test_it_answers_as_the_disk_does(disk: Path, packed: Files, name: str) -> None:
    path, real = str(disk / name), Files()
    assert packed.is_regular(path) == real.is_regular(path)
    assert packed.is_directory(path) == real.is_directory(path)
    assert packed.leads_to_directory(path) == real.leads_to_directory(path)
    assert packed.exists(path) == (real.exists(path) and name != "fifo"), "there is no use for a FIFO"
    assert sorted(packed.names(path)) == sorted(set(real.names(path)) - {"fifo"})
    if name != "loop":
        assert packed.real(path) == real.real(path)
    if real.is_regular(path):
        assert packed.read(path).text == real.read(path).text


def test_a_file_of_two_names_is_one(disk: Path, packed: Files) -> None:
    assert packed.read(str(disk / "link.conf")) is packed.read(str(disk / "linked" / "1.conf"))


def test_paths_are_shown_as_they_are_there(disk: Path, packed: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(disk)
    assert packed.read(str(disk / "pjsip.conf")).path == str(disk / "pjsip.conf")


@pytest.mark.parametrize("name", ["nosuch", "d", "dangling", "loop", "fifo"])
def test_what_cannot_be_read(disk: Path, packed: Files, name: str) -> None:
    with pytest.raises(UnreadableInput, match="is not in the archive; check the path"):
        packed.read(str(disk / name))


def test_overlays(disk: Path, packed: Files, tmp_path: Path) -> None:
    snapshot = Snapshot({"/etc/a.conf": "old"}, {"/etc/link": "/etc/a.conf"}, {"/": {"etc"}, "/etc": {"a.conf"}}, set())
    files = ArchivedFiles(snapshot, {"/etc/link": "new", "/etc/d/b.conf": "more"})
    assert files.read("/etc/a.conf").text == "new"
    assert files.read("/etc/d/b.conf").text == "more"
    assert sorted(files.names("/etc")) == ["a.conf", "d"]
    assert files.is_directory("/etc/d")
    assert ArchivedFiles(snapshot).read("/etc/a.conf").text == "old", "the snapshot stays as it is"
    assert ArchivedFiles(snapshot).names("/etc") == ["a.conf"]


def test_changed_texts(disk: Path, packed: Files) -> None:
    for files in (packed, Files()):
        path, link = str(disk / "d" / "1.conf"), str(disk / "link.conf")
        other, before = str(disk / "pjsip.conf"), files.read(path).text
        changed = files.changed({link: "new"})
        assert changed.read(path).text == changed.read(link).text == "new"
        assert changed.read(other).text == files.read(other).text
        assert files.read(path).text == before, "the others stay as they are"


def test_what_was_not_packed_is_not_known() -> None:
    """A file below a directory that was packed is there or is not; elsewhere nobody knows."""
    snapshot = Snapshot({"/etc/a": ""}, {}, {"/": {"etc"}, "/etc": {"a"}}, {"/etc"})
    files = ArchivedFiles(snapshot)
    assert not files.is_regular("/etc/b")
    assert files.is_regular("/opt/b")
    with pytest.raises(UnreadableInput):
        files.read("/opt/b")
    assert not ArchivedFiles(snapshot._replace(packed={"/"})).is_regular("/opt/b")


def written(path: Path, *members: tuple[str, bytes]) -> str:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return str(path)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("etc/a", "/etc/a"),
        ("/etc/a", "/etc/a"),
        ("//etc/a", "/etc/a"),
        ("./etc/a", "/etc/a"),
        ("../../etc/a", "/etc/a"),
    ],
)
def test_names_count_from_the_root(tmp_path: Path, name: str, path: str) -> None:
    assert archive.read(written(tmp_path / "tar", (name, b"x"))).texts == {path: "x"}


def test_an_archive_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "tar", ("etc/a", b"x" * 600), ("etc/b", b"x" * 600))
    reason = "/etc/b: more than cfglint reads; pack only the directory of the configuration"
    for limit, value in (("MAX_TOTAL", 1000), ("MAX_MEMBERS", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(archive, limit, value)
            with pytest.raises(UnreadableInput, match=reason):
                archive.read(path)
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    with pytest.raises(UnreadableInput, match="/etc/a: more than cfglint reads"):
        archive.read(path)


@pytest.mark.parametrize("data", [b"", b"no archive at all" * 100, b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"x" * 600])
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(UnreadableInput, match="is no tar archive"):
        archive.read(str(tmp_path / "x"))


def test_an_archive_that_ends_early(tmp_path: Path) -> None:
    path = Path(written(tmp_path / "tar", ("etc/a", os.urandom(5000))))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(UnreadableInput, match="is no tar archive"):
        archive.read(str(path))


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="nosuch: there is no such file; check the path"):
        archive.read(str(tmp_path / "nosuch"))
