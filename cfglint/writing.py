"""Writes changed files and reports: all of them or none, each whole at any moment."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import NamedTuple

from cfglint.errors import CfglintError, HalfWritten, UnwritableOutput
from cfglint.files import read_bytes

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
    with owner and mode kept. A file with several hard links is overwritten instead, so that its other names stay. When
    one file fails, those already replaced get their old content back. Of two runs at once one gives way. Raises
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


def _write(changes: list[Change], backup: bool) -> list[str]:
    staged: list[tuple[Change, str, str]] = []
    done: list[tuple[Change, str]] = []
    backups: list[str] = []
    at = ""
    try:
        for change in changes:
            at = change.path
            target = os.path.realpath(change.path)
            if read_bytes(target, change.path) != change.before:
                raise UnwritableOutput(change.path, "was changed by somebody else in the meantime")
            staged.append((change, target, _stage(target, change)))
        for change, target, _ in staged if backup else ():
            at = change.path
            _back_up(target, change, backups)
        for change, target, temporary in staged:
            at = change.path
            done.append((change, target))
            if os.stat(target).st_nlink > 1:
                _overwrite(target, change.after)
                os.unlink(temporary)
            else:
                os.replace(temporary, target)
                _flush_directory(os.path.dirname(target))
    except BaseException as error:  # an interrupt from the keyboard, too, must not leave half of it
        lost = [change.path for change, target in done if not _restored(target, change)]
        for name in (*(temporary for _, _, temporary in staged), *(() if lost else backups)):
            with suppress(OSError):
                os.unlink(name)
        if lost:
            raise HalfWritten(lost, backups) from error
        if isinstance(error, OSError):
            raise UnwritableOutput(at, f"cannot be written: {error.strerror}") from error
        raise
    return backups


def _stage(target: str, change: Change) -> str:
    """The new content in a temporary file beside the target, with its owner and mode."""
    status = os.stat(target)
    descriptor, temporary = tempfile.mkstemp(prefix=".cfglint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            _copy_owner(stream.fileno(), status)
            with suppress(OSError):  # some file systems have no extended attributes, and some attributes are their own
                for name in os.listxattr(target):
                    with suppress(OSError):
                        os.setxattr(stream.fileno(), name, os.getxattr(target, name))
            os.fsync(stream.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


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


def _back_up(target: str, change: Change, backups: list[str]) -> None:
    """A copy of the old content, its name added to `backups`; a name in use is never overwritten."""
    for number in range(MAX_BACKUPS):
        name = f"{target}.bak{number or ''}"
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        backups.append(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(change.before)
            stream.flush()
            _copy_owner(stream.fileno(), os.stat(target))
            os.fsync(stream.fileno())
        return
    raise UnwritableOutput(change.path, "has so many backups already that no name is left for one more")


def _overwrite(target: str, data: bytes) -> None:
    with open(target, "r+b") as stream:
        stream.write(data)
        stream.truncate()
        stream.flush()
        os.fsync(stream.fileno())


def _restored(target: str, change: Change) -> bool:
    """Give a file its old content back; was it possible?"""
    try:
        if read_bytes(target, change.path) != change.before:
            _overwrite(target, change.before)
    except (OSError, CfglintError):
        return False
    return True


def _flush_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
