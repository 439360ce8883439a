"""Writes changed files: all of them or none, each whole at any moment."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from typing import NamedTuple

from cfglint.errors import CfglintError, UnwritableOutput
from cfglint.files import read_bytes


class Change(NamedTuple):
    """A file's new content; `before` is what it must hold now."""

    path: str
    before: bytes
    after: bytes


def write(changes: list[Change], *, backup: bool = False) -> list[str]:
    """Put new content in place of the old; returns the paths of the backups.

    Each file is written beside the old one (of which symbolic links are followed), flushed to disk and renamed over it,
    with owner and mode kept. A file with several hard links is overwritten instead, so that its other names stay. When
    one file fails, those already replaced get their old content back. Raises `UnwritableOutput`.
    """
    staged: list[tuple[Change, str, str]] = []
    done: list[tuple[Change, str]] = []
    backups: list[str] = []
    try:
        for change in changes:
            target = os.path.realpath(change.path)
            if read_bytes(target, change.path) != change.before:
                raise UnwritableOutput(change.path, "was changed by somebody else in the meantime")
            staged.append((change, target, _stage(target, change)))
        if backup:
            backups += [_back_up(target, change) for change, target, _ in staged]
        for change, target, temporary in staged:
            done.append((change, target))
            if os.stat(target).st_nlink > 1:
                _overwrite(target, change.after)
                os.unlink(temporary)
            else:
                os.replace(temporary, target)
                _flush_directory(os.path.dirname(target))
    except (OSError, CfglintError) as error:
        for change, target in done:
            _restore(target, change)
        for name in (*(temporary for _, _, temporary in staged), *backups):
            if os.path.lexists(name):
                os.unlink(name)
        if isinstance(error, CfglintError):
            raise
        raise UnwritableOutput(error.filename or "", f"cannot be written: {error.strerror}") from error
    return backups


def _stage(target: str, change: Change) -> str:
    """The new content in a temporary file beside the target, with its owner and mode."""
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise UnwritableOutput(change.path, "is not a regular file")
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
            for name in os.listxattr(target):
                with suppress(OSError):  # some are the file system's own
                    os.setxattr(stream.fileno(), name, os.getxattr(target, name))
            os.fsync(stream.fileno())
    except OSError:
        os.unlink(temporary)
        raise
    return temporary


def _back_up(target: str, change: Change) -> str:
    """A copy of the old content; a name in use is never overwritten."""
    status = os.stat(target)
    for number in range(1000):
        name = f"{target}.bak{number or ''}"
        try:
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IMODE(status.st_mode))
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(change.before)
            os.fsync(stream.fileno())
        return name
    raise UnwritableOutput(change.path, "has a thousand backups already")


def _overwrite(target: str, data: bytes) -> None:
    with open(target, "r+b") as stream:
        stream.write(data)
        stream.truncate()
        stream.flush()
        os.fsync(stream.fileno())


def _restore(target: str, change: Change) -> None:
    if not os.path.exists(target) or read_bytes(target, change.path) != change.before:
        _overwrite(target, change.before)


def _flush_directory(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
