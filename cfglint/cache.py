"""What earlier runs found, kept on disk: a file for each set of paths and settings, in a directory of the user's own.

Whether something that was kept still holds is for its reader to say (see `witness`); here it is only made sure that
nobody but the user has written it, and that it is whole.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Any

from cfglint import __version__

MAX_BYTES = 256 * 1024 * 1024
"""A larger file is neither read nor written."""

MAX_FILES = 64
"""So many files are kept, those that were used last."""

_FORMAT = 1
_DIGEST = 40
"""Letters of the checksum that a file begins with."""


class Cache:
    """One file of the cache, for runs with the same key. Wherever anything is not as it should be, it is empty."""

    def __init__(self, key: Iterable[object]) -> None:
        whole = json.dumps([_FORMAT, __version__, sys.version, os.geteuid(), os.getcwd(), *_code(), *key], default=str)
        self._name = _digest(whole.encode()) + ".json"

    def load(self) -> dict[str, Any]:
        """What was saved, by name."""
        found: Any = {}
        with suppress(OSError, ValueError, RecursionError), _directory() as directory:
            data = _read(self._name, directory)
            if _digest(data[_DIGEST:]) == data[:_DIGEST].decode("ascii"):
                found = json.loads(data[_DIGEST:])
                os.utime(self._name, dir_fd=directory, follow_symlinks=False)  # used: it may stay
        return found if isinstance(found, dict) else {}

    def save(self, entries: dict[str, Any]) -> None:
        """Keep these and no others; or nothing, where that is not possible."""
        body = json.dumps(entries, separators=(",", ":")).encode("ascii")
        if len(body) > MAX_BYTES - _DIGEST:
            return
        temporary = f".{self._name}.{os.getpid()}"
        with suppress(OSError), _directory(create=True) as directory:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=directory)
            with open(os.open(temporary, flags, 0o600, dir_fd=directory), "wb") as stream:
                stream.write(_digest(body).encode() + body)
            os.rename(temporary, self._name, src_dir_fd=directory, dst_dir_fd=directory)
            _thin_out(directory)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=_DIGEST // 2).hexdigest()


def _code() -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file of this program: a checkout changes without changing its version."""
    waiting = [os.path.dirname(os.path.abspath(__file__))]
    waiting += [os.path.join(os.path.dirname(waiting[0]), name) for name in ("checks", "grammars")]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                else:
                    status = entry.stat()
                    yield entry.name, status.st_size, status.st_mtime_ns


@contextmanager
def _directory(*, create: bool = False) -> Iterator[int]:
    """The cache's own directory, opened; `OSError` unless it, and what it lies in, belong to the user, and nobody else
    may look into it."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # as the XDG Base Directory Specification has it
        base = os.path.expanduser(os.path.join("~", ".cache"))
    if create:
        with suppress(FileExistsError):
            os.mkdir(base, 0o700)
    outer = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _require_own(os.fstat(outer), stat.S_IWGRP | stat.S_IWOTH)
        if create:
            with suppress(FileExistsError):
                os.mkdir("cfglint", 0o700, dir_fd=outer)
        inner = os.open("cfglint", os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=outer)
    finally:
        os.close(outer)
    try:
        _require_own(os.fstat(inner), stat.S_IRWXG | stat.S_IRWXO)
        yield inner
    finally:
        os.close(inner)


def _require_own(status: os.stat_result, barred: int) -> None:
    if status.st_uid != os.geteuid() or status.st_mode & barred:
        raise PermissionError("others may have been here")


def _read(name: str, directory: int) -> bytes:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    with open(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        _require_own(status, stat.S_IRWXG | stat.S_IRWXO)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise PermissionError("is no file of the cache")
        return stream.read()


def _thin_out(directory: int) -> None:
    """Delete what was not used for longest, and what a run left half written a day ago."""
    used = {}
    for name in os.listdir(directory):
        used[name] = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mtime
    kept = [name for name in used if not name.startswith(".")]
    old = sorted(kept, key=lambda name: -used[name])[MAX_FILES:]
    old += [name for name in used if name.startswith(".") and used[name] < time.time() - 86_400]
    for name in old:
        os.unlink(name, dir_fd=directory)
