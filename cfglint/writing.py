"""Writes changed files and reports: all of them or none, each whole at any moment."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress

from cfglint.errors import CfglintError, HalfWritten, UnwritableOutput
from cfglint.files import read_bytes
from cfglint.namedtuples import NamedTuple

MAX_BACKUPS = 1000
"""So many copies of one file are kept beside it."""


class Change(NamedTuple):
    """A file's new content; `before` is what it must hold now."""

    path: str
    before: bytes
    after: bytes


def write(changes: list[Change], *, backup: bool = False) -> list[str]:
    """Put new content in place of the old; returns the paths of the backups.

    Each file is written beside the old one (of which symbolic links are followed), flushed to disk and renamed over it,
    with owner, mode and extended attributes kept. A file with several hard links, or one that is mounted by itself,
    cannot be renamed over: it is overwritten in one piece, while a copy of the new content lies beside it. When one
    file fails, those already replaced get their old content back. Of two runs at once one gives way. Raises
    `UnwritableOutput`.
    """
    with ExitStack() as locks:
        for change in changes:
            with suppress(OSError):  # it is said where the file is read
                _lock(locks.enter_context(open(change.path, "rb", opener=_open)).fileno(), change.path)
        return _write(changes, backup)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a FIFO would hold us up


def _lock(descriptor: int, path: str) -> None:
    """As long as the file is open nobody who asks so, too, writes to it; where there are no locks, nobody is asked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UnwritableOutput(path, "is just being changed by another run of cfglint") from error
    except OSError:  # not every file system has them
        pass


class _Staged(NamedTuple):
    """A change that is ready to be made."""

    change: Change
    target: str
    """Where the file really lies."""
    temporary: str
    """The new content, beside it."""

    @property
    def saved(self) -> str:
        """A second name of the old file while it is replaced."""
        return self.temporary + ".old"


def _write(changes: list[Change], backup: bool) -> list[str]:
    staged: list[_Staged] = []
    done: list[_Staged] = []
    backups: list[str] = []
    at = ""
    try:
        for change in changes:
            at = change.path
            target = os.path.realpath(change.path)
            _require_unchanged(target, change)
            staged.append(_Staged(change, target, _stage(target, change)))
        for item in staged if backup else ():
            at = item.change.path
            _back_up(item.target, item.change, backups)
        for item in staged:
            at = item.change.path
            _require_unchanged(item.target, item.change)
            done.append(item)
            _replace(item)
        for folder in {os.path.dirname(item.target) for item in staged}:
            _flush_directory(folder)
    except BaseException as error:  # an interrupt from the keyboard, too, must not leave half of it
        lost = [item.change.path for item in reversed(done) if not _restored(item)]
        _remove(staged)
        for name in () if lost else backups:
            with suppress(OSError):
                os.unlink(name)
        if lost:
            raise HalfWritten(lost, backups) from error
        if isinstance(error, OSError):
            raise UnwritableOutput(at, f"cannot be written: {error.strerror}") from error
        raise
    _remove(staged)
    return backups


def _require_unchanged(target: str, change: Change) -> None:
    if read_bytes(target, change.path) != change.before:
        raise UnwritableOutput(change.path, "was changed by somebody else in the meantime")


def _remove(staged: list[_Staged]) -> None:
    """Take away what is only of use while files are replaced."""
    for item in staged:
        for name in (item.temporary, item.saved):
            with suppress(OSError):
                os.unlink(name)


def _stage(target: str, change: Change) -> str:
    """The new content in a temporary file beside the target, with its owner, mode and extended attributes."""
    status = os.stat(target)
    descriptor, temporary = tempfile.mkstemp(prefix=".cfglint-", dir=os.path.dirname(target))
    try:
        try:
            _fill(descriptor, change.after)
            _copy_owner(descriptor, status)
            with suppress(OSError):  # some file systems have no extended attributes, and some attributes are their own
                for name in os.listxattr(target):
                    with suppress(OSError):
                        os.setxattr(descriptor, name, os.getxattr(target, name))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _fill(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


_NOT_BY_NAME = (errno.EBUSY, errno.EXDEV)
"""What renaming over a file fails with that is mounted by itself, as containers do it."""


def _replace(item: _Staged) -> None:
    """Rename the new file over the old one, of which a second name stays for the way back."""
    if os.stat(item.target).st_nlink > 1:
        _overwrite(item.target, item.change.after)
        return
    with suppress(OSError):  # not every file system has links; then the old content is written once more
        os.link(item.target, item.saved)
    try:
        os.replace(item.temporary, item.target)
    except OSError as error:
        if error.errno not in _NOT_BY_NAME:
            raise
        _overwrite(item.target, item.change.after)


def publish(outputs: Mapping[str, bytes]) -> None:
    """Write reports, path to content, new or in place of older ones: all or none, each whole at any moment.

    What is no regular file, such as a device or a FIFO, is written to directly, after the others are ready. Raises
    `UnwritableOutput`.
    """
    staged: list[tuple[str, str]] = []
    at = ""
    try:
        for path, data in outputs.items():
            at = path
            if not _is_stream(path):
                staged.append((_stage_output(os.path.realpath(path), data), path))
        for path, data in outputs.items():
            at = path
            if _is_stream(path):
                with open(path, "wb") as stream:
                    stream.write(data)
        for temporary, path in staged:
            at = path
            os.replace(temporary, os.path.realpath(path))
    except BaseException as error:
        for temporary, _ in staged:
            with suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            raise UnwritableOutput(at, f"cannot be written: {error.strerror}") from error
        raise


def _is_stream(path: str) -> bool:
    """Nothing that a file can be renamed over; /dev/stderr may lead to a regular file that others hold open."""
    if os.path.abspath(path).startswith(("/dev/", "/proc/")):
        return True
    return os.path.exists(path) and not os.path.isfile(path)


def _stage_output(target: str, data: bytes) -> str:
    """A report in a temporary file beside its target, with the mode of the file it replaces, or a new one's."""
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
    except FileNotFoundError:
        mask = os.umask(0o077)
        os.umask(mask)
        mode = 0o666 & ~mask
    descriptor, temporary = tempfile.mkstemp(prefix=".cfglint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    """Owner first: between the two steps nobody may read the file who could not read the old one."""
    new = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (new.st_uid, new.st_gid):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def first_backup(path: str) -> str:
    """The name of a copy of a file, if it is free."""
    return f"{path}.bak"


def _back_up(target: str, change: Change, backups: list[str]) -> None:
    """A copy of the old content, its name added to `backups`; a name in use is never overwritten."""
    for number in range(MAX_BACKUPS):
        name = f"{first_backup(target)}{number or ''}"
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        backups.append(name)
        try:
            _fill(descriptor, change.before)
            _copy_owner(descriptor, os.stat(target))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return
    raise UnwritableOutput(change.path, "has so many backups already that no name is left for one more")


def _overwrite(target: str, data: bytes) -> None:
    """Other content in the same file, at one stroke: shorter content has blank lines behind it for a moment."""
    descriptor = os.open(target, os.O_WRONLY)
    try:
        length = os.fstat(descriptor).st_size
        _fill(descriptor, data.ljust(length, b"\n"))
        if length > len(data):
            os.ftruncate(descriptor, len(data))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restored(item: _Staged) -> bool:
    """Give a file its old content back; was it possible?"""
    try:
        if read_bytes(item.target, item.change.path) == item.change.before:
            return True
        if os.path.lexists(item.saved):
            os.replace(item.saved, item.target)
        else:
            _overwrite(item.target, item.change.before)
    except (OSError, CfglintError):
        return False
    return True


def _flush_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
