"""Reads files: bounded, never through a device, with overlays, and shows paths relative to the current directory."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from copy import copy

from cfglint.errors import UnreadableInput
from cfglint.scope import Scope
from cfglint.source import Source, decode

MAX_BYTES = 64 * 1024 * 1024
"""A larger file is refused: no server's configuration is that large, and reading it would fill the memory."""

MISSING = "there is no such file; check the path"
PRIVATE = "is not for everybody to read and lies outside of what was named: --trust its directory if it belongs here"

LOCAL = "/usr/local"
"""What stands in front of ``/etc`` where a server was built from source, and on FreeBSD."""

Identity = tuple[int, int] | str


def part_below(path: str, directory: str) -> str | None:
    """What of an absolute path stands behind a server's own directory, below `LOCAL` or not; None for others."""
    own = directory.rstrip("/") + "/"
    if path.startswith(own):
        return path[len(own) :]
    if own.startswith("/etc/") and path.startswith(LOCAL + own):
        return path[len(LOCAL) + len(own) :]
    return None


class Files:
    """The files of one run. Each is read once, however it is spelt or linked, so that one file is one `Source`;
    `overlays` maps a path to the text that stands in for its content, or for a file that does not exist yet; files that
    are `hidden` are not there. What lies outside of `scope` is read only as far as that allows; without one everything
    is."""

    archived = False
    """Do they lie in an archive, not on this machine?"""

    def __init__(
        self, overlays: Mapping[str, str] | None = None, hidden: Iterable[str] = (), scope: Scope | None = None
    ) -> None:
        self.scope = scope
        self._overlays = {self.identity(path): text for path, text in (overlays or {}).items()}
        self._to_come = _to_come(overlays or {})
        self._hidden: dict[str, set[str]] = {}
        for path in hidden:
            folder, name = os.path.split(path)
            self._hidden.setdefault(os.path.realpath(folder), set()).add(name)
        self._sources: dict[str, Source] = {}
        self._known: dict[Identity, Source] = {}
        self._here = os.path.join(os.getcwd(), "")

    def changed(self, texts: Mapping[str, str]) -> Files:
        """The same files with other texts in some of them, by path, or with others besides."""
        other = copy(self)
        edited = {self.identity(path): text for path, text in texts.items()}
        other._overlays = {**self._overlays, **edited}
        other._to_come = _to_come(texts)
        for folder, names in self._to_come.items():
            other._to_come.setdefault(folder, set()).update(names)
        other._sources = {}
        other._known = {identity: source for identity, source in self._known.items() if identity not in edited}
        return other

    def apart(self) -> Files:
        """The same files, as if none of them had been read: what is read goes when the other does."""
        other = copy(self)
        other._sources, other._known = {}, {}
        return other

    def read(self, path: str) -> Source:
        """The text of a regular file; raises `UnreadableInput` with the reason."""
        source = self._sources.get(path)
        if source is None:
            identity = self.identity(path)
            source = self._known.get(identity)
            if source is None:
                source = self._known[identity] = self._read(path, identity)
            self._sources[path] = source
        return source

    @property
    def sources(self) -> list[Source]:
        """The files that were read so far."""
        return list(self._known.values())

    def is_regular(self, path: str) -> bool:
        """Is there a regular file (through symbolic links), or an overlay?"""
        if self._is_hidden(path):
            return False
        try:
            return stat.S_ISREG(os.stat(path).st_mode)
        except (OSError, ValueError):
            return bool(self._overlays) and self.identity(path) in self._overlays

    def leads_to_directory(self, path: str) -> bool:
        """Is there a directory, or a link to one?"""
        return os.path.isdir(path)

    def is_directory(self, path: str) -> bool:
        """Is there a directory (not: a link to one), or will there be?"""
        try:
            return stat.S_ISDIR(os.lstat(path).st_mode)
        except (OSError, ValueError):
            return bool(self._to_come) and os.path.realpath(path) in self._to_come

    def require_directory(self, path: str) -> None:
        """Raises `UnreadableInput` if what a directory holds cannot be told."""
        try:
            os.scandir(path).close()
        except OSError as error:
            raise UnreadableInput(self.shown(path), reason(error)) from error

    def exists(self, path: str) -> bool:
        """Is there anything of that name, a dangling link included, or will there be?"""
        if self._is_hidden(path):
            return False
        if os.path.lexists(path):
            return True
        folder, name = os.path.split(path)
        return bool(self._to_come) and name in self._to_come.get(os.path.realpath(folder), ())

    def names(self, folder: str) -> list[str]:
        """What a directory holds and will hold, in no order; nothing if it cannot be read."""
        try:
            found = os.listdir(folder or ".") if self.may_read(folder) else []
        except (OSError, ValueError):
            found = []
        if self._hidden:
            found = [name for name in found if name not in self._hidden.get(os.path.realpath(folder), ())]
        if self._to_come:
            found += sorted(self._to_come.get(os.path.realpath(folder), set()) - set(found))
        return found

    def vouch(self, path: str) -> None:
        """Take a file into the scope that was found beside or above what was named; not what it is a link to."""
        if self.scope is not None:
            self.scope.vouch(path)

    def may_read(self, path: str) -> bool:
        """Does the scope of the run allow to look at a file or into a directory?"""
        return self.scope is None or self.scope.may_read(os.path.realpath(path))

    def real(self, path: str) -> str:
        """The absolute path without symbolic links."""
        return os.path.realpath(path)

    def identity(self, path: str) -> Identity:
        """What two names of one file have in common: device and inode number, or the path of one that does not
        exist."""
        try:
            status = os.stat(path)
        except OSError:
            return os.path.realpath(path)
        except ValueError:  # a NUL in the name
            return path
        # Some network file systems number nothing.
        return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)

    def shown(self, path: str) -> str:
        """The path as it is shown: relative to the current directory when below it."""
        if ".." in path:
            # Behind a symbolic link to a directory, ".." does not lead back to where the link stands.
            path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        absolute = os.path.abspath(path)
        return absolute[len(self._here) :] if absolute.startswith(self._here) else absolute

    def _is_hidden(self, path: str) -> bool:
        if not self._hidden:
            return False
        folder, name = os.path.split(path)
        return name in self._hidden.get(os.path.realpath(folder), ())

    def _read(self, path: str, identity: Identity) -> Source:
        shown = self.shown(path)
        if self._is_hidden(path):
            raise UnreadableInput(shown, MISSING)
        text = self._overlays.get(identity)
        if self.scope is None:
            return Source(shown, decode(read_bytes(path, shown)) if text is None else text)
        real = self.real(path)
        if text is None:
            if not self.scope.may_read(real):
                raise UnreadableInput(shown, PRIVATE)
            text = decode(read_bytes(real, shown, resolved=True))
        return Source(shown, text, foreign=not self.scope.holds(real))


def _to_come(overlays: Mapping[str, str]) -> dict[str, set[str]]:
    """Directory to the names in it that only overlays have."""
    found: dict[str, set[str]] = {}
    for overlay in overlays:
        path = os.path.realpath(overlay)
        while not os.path.lexists(path):
            path, name = os.path.split(path)
            found.setdefault(path, set()).add(name)
    return found


def read_bytes(path: str, shown: str, *, resolved: bool = False) -> bytes:
    """A regular file's bytes; anything else, or too much of it, is an `UnreadableInput`. `resolved`: there are no
    symbolic links in the path, and none may have come since."""
    try:
        # Opening a device can do something: a watchdog restarts the machine.
        _require_file(os.stat(path), shown)
        # Without blocking: a FIFO that nobody writes to would hold us up for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (os.O_NOFOLLOW * resolved))
    except OSError as error:
        raise UnreadableInput(shown, reason(error)) from error
    except ValueError as error:
        raise UnreadableInput(shown, "is not a usable file name") from error
    try:
        if resolved and _opened(descriptor) not in (None, path):
            raise UnreadableInput(shown, "was exchanged while it was opened")
        status = os.fstat(descriptor)
        _require_file(status, shown)
        if status.st_size > MAX_BYTES:
            raise UnreadableInput(
                shown, f"is larger than {MAX_BYTES // 1024**2} MiB; is it a configuration file at all?"
            )
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(status.st_size + 1)  # takes memory for so much at once
            return data if len(data) <= status.st_size else data + stream.read(MAX_BYTES + 1 - len(data))
    except OSError as error:
        raise UnreadableInput(shown, reason(error)) from error
    finally:
        os.close(descriptor)


def _require_file(status: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableInput(shown, f"is {_kind(status.st_mode)}, not a file; name a file or its directory")


def _opened(descriptor: int) -> str | None:
    """The path of an open file, None where the system does not tell."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return None


def reason(error: OSError) -> str:
    """Why a file cannot be read, and what to do about it."""
    if isinstance(error, FileNotFoundError):
        return MISSING
    if isinstance(error, PermissionError):
        return "may not be read; run cfglint as a user who can read it"
    return f"cannot be read: {error.strerror}"


def _kind(mode: int) -> str:
    for test, name in (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a FIFO"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if test(mode):
            return name
    return "something else"
