"""All or none, whatever fails at whatever moment."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cfglint import writing
from cfglint.errors import CfglintError, HalfWritten, UnreadableInput, UnwritableOutput
from cfglint.writing import Change, publish, write


def changes(folder: Path, count: int = 3) -> list[Change]:
    """Files with their old content, and the changes to make; the second has another name, too."""
    made = []
    for number in range(count):
        path = folder / f"{number}.conf"
        path.write_bytes(b"old %d" % number)
        made.append(Change(str(path), b"old %d" % number, b"new and longer %d" % number))
    if count > 1:
        os.link(folder / "1.conf", folder / "other-name.conf")
    return made


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_all_files_are_written(tmp_path: Path) -> None:
    wanted = changes(tmp_path)
    assert write(wanted) == []
    assert content(tmp_path) == {
        "0.conf": b"new and longer 0",
        "1.conf": b"new and longer 1",
        "other-name.conf": b"new and longer 1",
        "2.conf": b"new and longer 2",
    }


def test_nothing_to_write(tmp_path: Path) -> None:
    assert write([], backup=True) == []


class Sabotage:
    """Stands for a function of `os` and fails at its n-th call, as often as is said."""

    def __init__(self, function: Callable[..., Any], error: BaseException, at: int, times: int = 1) -> None:
        self.function, self.error, self.at, self.until = function, error, at, at + times
        self.calls = 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.calls += 1
        if self.at < self.calls <= self.until:
            raise self.error
        return self.function(*arguments, **options)


STEPS = ["fsync", "replace", "fchmod", "write", "listxattr", "unlink", "close", "open", "stat", "fstat", "link"]


@pytest.mark.parametrize("backup", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_every_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, backup: bool
) -> None:
    function = getattr(os, step)
    for at in range(60):
        folder = tmp_path / str(at)
        folder.mkdir()
        wanted = changes(folder)
        before = content(folder)
        sabotage = Sabotage(function, OSError(errno.ENOSPC, "No space left on device"), at)
        with monkeypatch.context() as patch:
            patch.setattr(os, step, sabotage)
            try:
                write(wanted, backup=backup)
            except CfglintError as error:
                assert "No space left" in str(error)
                failed = True
            else:
                failed = False
        if failed:
            assert content(folder) == before
        else:
            assert [Path(change.path).read_bytes() for change in wanted] == [change.after for change in wanted]
        if sabotage.calls <= at:
            break
    else:
        pytest.fail("the step is taken without end")
    assert at > 0, "the step is never taken"


@pytest.mark.parametrize("at", range(3))
def test_an_interrupt_leaves_every_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    wanted = changes(tmp_path)
    before = content(tmp_path)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", Sabotage(os.fsync, KeyboardInterrupt(), 2 * at))
        write(wanted)
    assert content(tmp_path) == before


def test_what_cannot_be_restored_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = changes(tmp_path, 2)

    def broken(target: str, data: bytes) -> None:
        with open(target, "wb") as stream:
            stream.write(data[:2])
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(writing, "_overwrite", broken)
    with pytest.raises(HalfWritten) as caught:
        write(wanted, backup=True)
    assert "1.conf" in str(caught.value)
    assert "1.conf.bak" in str(caught.value)
    assert (tmp_path / "1.conf.bak").read_bytes() == b"old 1"


def test_a_file_changed_in_between_is_refused(tmp_path: Path) -> None:
    wanted = changes(tmp_path)
    (tmp_path / "2.conf").write_bytes(b"somebody else's")
    before = content(tmp_path)
    with pytest.raises(UnwritableOutput, match=r"2\.conf: was changed by somebody else .*; nothing was changed"):
        write(wanted)
    assert content(tmp_path) == before


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    wanted = changes(tmp_path)
    (tmp_path / "2.conf").unlink()
    before = content(tmp_path)
    with pytest.raises(UnreadableInput, match=r"2\.conf: there is no such file"):
        write(wanted)
    assert content(tmp_path) == before


def test_mode_is_kept(tmp_path: Path) -> None:
    wanted = changes(tmp_path)
    for number, mode in enumerate((0o640, 0o600, 0o444)):
        os.chmod(tmp_path / f"{number}.conf", mode)
    write(wanted, backup=True)
    for number, mode in enumerate((0o640, 0o600, 0o444)):
        assert (tmp_path / f"{number}.conf").stat().st_mode & 0o7777 == mode
        assert (tmp_path / f"{number}.conf.bak").stat().st_mode & 0o7777 == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_is_kept(tmp_path: Path) -> None:
    wanted = changes(tmp_path)
    os.chown(tmp_path / "0.conf", 1234, 4321)
    write(wanted, backup=True)
    for name in ("0.conf", "0.conf.bak"):
        status = (tmp_path / name).stat()
        assert (status.st_uid, status.st_gid) == (1234, 4321)


def test_the_new_owner_comes_before_the_new_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = changes(tmp_path, 1)
    os.chmod(tmp_path / "0.conf", 0o640)
    seen: list[int] = []
    status = os.stat_result((0o100640, 0, 0, 1, 1234, 4321, 0, 0, 0, 0))
    monkeypatch.setattr(os, "fchown", lambda fd, uid, gid: seen.append(os.fstat(fd).st_mode & 0o777))
    with open(wanted[0].path, "rb") as stream:
        os.chmod(wanted[0].path, 0o600)
        writing._copy_owner(stream.fileno(), status)
    assert seen == [0o600]
    assert os.stat(wanted[0].path).st_mode & 0o777 == 0o640


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "sip.conf").write_bytes(b"old")
    link = tmp_path / "sip.conf"
    link.symlink_to("real/sip.conf")
    write([Change(str(link), b"old", b"new")], backup=True)
    assert link.is_symlink()
    assert content(tmp_path / "real") == {"sip.conf": b"new", "sip.conf.bak": b"old"}


def test_backups_never_take_a_name_in_use(tmp_path: Path) -> None:
    path = tmp_path / "sip.conf"
    path.write_bytes(b"old")
    (tmp_path / "sip.conf.bak").write_bytes(b"older")
    (tmp_path / "sip.conf.bak1").symlink_to("nowhere")
    assert write([Change(str(path), b"old", b"new")], backup=True) == [f"{path}.bak2"]
    assert (tmp_path / "sip.conf.bak").read_bytes() == b"older"
    assert (tmp_path / "sip.conf.bak2").read_bytes() == b"old"


def test_running_out_of_names_for_backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = changes(tmp_path, 1)
    monkeypatch.setattr(writing, "MAX_BACKUPS", 1)
    (tmp_path / "0.conf.bak").write_bytes(b"older")
    with pytest.raises(UnwritableOutput, match="no name is left"):
        write(wanted, backup=True)
    assert content(tmp_path) == {"0.conf": b"old 0", "0.conf.bak": b"older"}


def test_a_file_system_without_extended_attributes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(path: str) -> list[str]:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", unsupported)
    wanted = changes(tmp_path, 1)
    write(wanted)
    assert content(tmp_path) == {"0.conf": b"new and longer 0"}


def test_the_longest_names(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 255)
    path.write_bytes(b"old")
    write([Change(str(path), b"old", b"new")])
    assert path.read_bytes() == b"new"
    with pytest.raises(UnwritableOutput, match="File name too long; nothing was changed"):
        write([Change(str(path), b"new", b"newer")], backup=True)
    assert content(tmp_path) == {"x" * 255: b"new"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_to(tmp_path: Path) -> None:
    wanted = changes(tmp_path, 1)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UnwritableOutput, match="Permission denied"):
            write(wanted)
    finally:
        tmp_path.chmod(0o700)
    assert content(tmp_path) == {"0.conf": b"old 0"}


def test_of_two_runs_at_once_one_gives_way(tmp_path: Path) -> None:
    """A lock of another process, as a second hook has it, is one of another open file here."""
    wanted = changes(tmp_path)
    before = content(tmp_path)
    with open(tmp_path / "2.conf", "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(
            UnwritableOutput, match=r"2\.conf: is just being changed by another run of cfglint; nothing"
        ):
            write(wanted)
        assert content(tmp_path) == before
    write(wanted)
    assert content(tmp_path) != before


def test_without_locks_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", Sabotage(fcntl.flock, OSError(errno.ENOLCK, "No locks available"), 0, 99))
    wanted = changes(tmp_path)
    write(wanted)
    assert (tmp_path / "0.conf").read_bytes() == b"new and longer 0"


# ------------------------------------------------------------------------------------------------------------- reports


def test_reports_are_written(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"longer than the new one")
    (tmp_path / "link").symlink_to("target")
    (tmp_path / "target").write_bytes(b"")
    publish({str(tmp_path / name): name.encode() for name in ("old", "new", "link")})
    assert content(tmp_path) == {"old": b"old", "new": b"new", "link": b"link", "target": b"link"}
    assert (tmp_path / "link").is_symlink()


def test_modes_of_reports(tmp_path: Path) -> None:
    """A new report has the mode of any new file, one that is replaced keeps its own."""
    old = tmp_path / "old"
    old.touch(mode=0o640)
    os.chmod(old, 0o640)
    before = os.umask(0o027)
    try:
        publish({str(old): b"", str(tmp_path / "new"): b""})
    finally:
        assert os.umask(before) == 0o027
    assert [path.stat().st_mode & 0o777 for path in (old, tmp_path / "new")] == [0o640, 0o640]


def test_streams_are_written_directly(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    publish({str(fifo): b"read"})
    assert os.read(reader, 10) == b"read"
    os.close(reader)
    assert fifo.is_fifo()


@pytest.mark.parametrize("broken", ["nosuch/report", "."])
def test_no_report_is_written_when_one_cannot_be(tmp_path: Path, broken: str) -> None:
    (tmp_path / "old").write_bytes(b"old")
    for names in (["old", broken], [broken, "old"]):
        with pytest.raises(UnwritableOutput, match="nothing was changed"):
            publish({str(tmp_path / name): b"new" for name in names})
    assert content(tmp_path) == {"old": b"old"}


def test_a_report_is_not_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", Sabotage(os.fsync, OSError(errno.ENOSPC, "No space left on device"), 0))
    with pytest.raises(UnwritableOutput, match="No space left on device"):
        publish({str(tmp_path / "old"): b"new"})
    assert content(tmp_path) == {"old": b"old"}
