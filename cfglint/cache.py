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
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Any, BinaryIO

from cfglint import __version__

MAX_BYTES = 256 * 1024 * 1024
"""A larger file is neither read nor written."""

MAX_FILES = 64
"""So many files are kept, those that were used last."""

_FORMAT = 2


class Cache:
    """One file of the cache, for runs with the same key: a line for each entry, of which only where it stands is held.
    Wherever anything is not as it should be, there is nothing."""

    def __init__(self, key: Iterable[object]) -> None:
        whole = json.dumps([_FORMAT, __version__, sys.version, os.geteuid(), os.getcwd(), *_code(), *key], default=str)
        self._name = _digest(whole.encode()) + ".jsonl"
        self._temporary = f".{self._name}.{os.getpid()}"
        self._old: BinaryIO | None = None
        self._new: BinaryIO | None = None
        self._lines: dict[bytes, tuple[int, int]] = {}
        """Name, as it is written, to where in the old file its line begins, and its length."""
        self._is_lost = False
        with suppress(OSError), _directory() as directory:
            self._old = _opened(self._name, directory)
            self._lines = dict(_index(self._old))
            os.utime(self._name, dir_fd=directory, follow_symlinks=False)  # used: it may stay

    def __contains__(self, name: str) -> bool:
        return _written(name) in self._lines

    def get(self, name: str) -> Any:
        """What an earlier run has kept by a name, or None."""
        with suppress(OSError, ValueError, RecursionError):
            shown, digest, entry = self._line(name).rstrip(b"\n").split(b"\t")
            if _digest(shown + entry) == digest.decode("ascii"):
                return json.loads(entry)
        return None

    def _line(self, name: str) -> bytes:
        if self._old is None or name not in self:
            return b""
        start, length = self._lines[_written(name)]
        self._old.seek(start)
        return self._old.read(length)

    def put(self, name: str, entry: object) -> None:
        """Keep something for later runs, when it is saved."""
        shown, text = _written(name), _written(entry)
        self._write(b"\t".join((shown, _digest(shown + text).encode(), text)) + b"\n")

    def _write(self, line: bytes) -> None:
        """Add to the new file, which replaces the old one when it is saved; not at all if it grows too large."""
        try:
            if self._new is None and not self._is_lost:
                with _directory(create=True) as directory:
                    with suppress(FileNotFoundError):
                        os.unlink(self._temporary, dir_fd=directory)
                    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                    self._new = open(os.open(self._temporary, flags, 0o600, dir_fd=directory), "wb")  # noqa: SIM115
            if self._new is not None:
                self._new.write(line)
                self._is_lost |= self._new.tell() > MAX_BYTES
        except OSError:
            self._is_lost = True

    def save(self, kept: Collection[str]) -> None:
        """Make what later runs find: what was put in, and of what there was the names that are `kept`; or nothing else
        than before, where that is not possible."""
        if self._new is None and len(kept) == len(self._lines):
            return
        for name in kept:
            self._write(self._line(name))
        self._write(b"")
        with suppress(OSError), _directory() as directory:
            if self._new is not None:
                self._new.close()
                if self._is_lost:
                    os.unlink(self._temporary, dir_fd=directory)
                else:
                    os.rename(self._temporary, self._name, src_dir_fd=directory, dst_dir_fd=directory)
                    _thin_out(directory)


def _written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _index(stream: BinaryIO) -> Iterator[tuple[bytes, tuple[int, int]]]:
    at = 0
    for line in stream:
        yield line.partition(b"\t")[0], (at, len(line))
        at += len(line)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=20).hexdigest()


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


def _opened(name: str, directory: int) -> BinaryIO:
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    stream = open(descriptor, "rb")  # noqa: SIM115 - read from as long as the run lasts
    try:
        status = os.fstat(descriptor)
        _require_own(status, stat.S_IRWXG | stat.S_IRWXO)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise PermissionError("is no file of the cache")
    except OSError:
        stream.close()
        raise
    return stream


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
