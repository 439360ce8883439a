"""A tar archive in place of the disk: the files of another machine, judged as they lie there and never unpacked."""

from __future__ import annotations

import os
import sys
import tarfile
from collections.abc import Mapping
from typing import BinaryIO

from cfglint.errors import UnreadableInput
from cfglint.files import MAX_BYTES, Files, reason
from cfglint.namedtuples import NamedTuple
from cfglint.source import Source, decode

MAX_TOTAL = 4 * MAX_BYTES
"""So much text is taken from one archive, however small it is packed."""

MAX_MEMBERS = 100_000
MAX_LINKS = 40
"""So many symbolic links are followed for one path (as in Linux, fs/namei.c:MAXSYMLINKS)."""


_MISSING = "is not in the archive; check the path"


class Snapshot(NamedTuple):
    """What an archive holds; all paths are absolute."""

    texts: dict[str, str]
    links: dict[str, str]
    """Symbolic link to what it names, made absolute."""
    folders: dict[str, set[str]]
    """Directory to the names in it."""
    packed: set[str]
    """Directories that were packed with all they hold; what lies elsewhere is not known. None: all is known."""


def read(path: str) -> Snapshot:
    """The files of a tar archive, packed or not; ``-`` is standard input. Names count from the root directory, as
    ``tar`` leaves the first slash away. Raises `UnreadableInput`."""
    shown = "standard input" if path == "-" else path
    try:
        if path == "-":
            return _read(sys.stdin.buffer, shown)
        with open(path, "rb") as stream:
            return _read(stream, shown)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        if isinstance(error, OSError) and error.strerror:
            raise UnreadableInput(shown, reason(error)) from error
        raise UnreadableInput(shown, "is no tar archive") from error


def _read(stream: BinaryIO, shown: str) -> Snapshot:
    found = Snapshot({}, {}, {"/": set()}, set())
    left = MAX_TOTAL
    with tarfile.open(fileobj=stream, mode="r|*") as archive:
        for number, member in enumerate(archive):
            path = _absolute(member.name)
            left -= member.size if member.isreg() else 0
            if number >= MAX_MEMBERS or left < 0 or member.size > MAX_BYTES:
                raise UnreadableInput(
                    shown, f"{path}: more than cfglint reads; pack only the directory of the configuration"
                )
            if member.isreg():
                content = archive.extractfile(member)
                found.texts[path] = decode(content.read()) if content is not None else ""
            elif member.islnk():
                found.texts[path] = found.texts.get(_absolute(member.linkname), "")
            elif member.issym():
                found.links[path] = _absolute(os.path.join(os.path.dirname(path), member.linkname))
            elif member.isdir():
                found.packed.add(path)
                path = os.path.join(path, "")
            else:
                continue
            _enter(found.folders, path)
    return found


def _absolute(path: str) -> str:
    return "/" + os.path.normpath("/" + path).lstrip("/")


def _enter(folders: dict[str, set[str]], path: str) -> None:
    """Note a file's name (or a directory's, with a slash behind) in all directories above it."""
    folder, name = os.path.split(path)
    while folder not in folders:
        folders[folder] = {name} - {""}
        folder, name = os.path.split(folder)
    folders[folder] |= {name} - {""}


class ArchivedFiles(Files):
    """The files of a snapshot; nothing of this machine's disk is looked at. See `Files` for the methods."""

    archived = True

    def __init__(self, snapshot: Snapshot, overlays: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._texts = dict(snapshot.texts)
        self._links = snapshot.links
        self._folders = {folder: set(names) for folder, names in snapshot.folders.items()}
        self._packed = snapshot.packed or {"/"}
        for path, text in (overlays or {}).items():
            real = self.real(path)
            self._texts[real] = text
            _enter(self._folders, real)

    def changed(self, texts: Mapping[str, str]) -> ArchivedFiles:
        """The same files with other texts in some of them, or with others besides."""
        other = super().changed(texts)
        assert isinstance(other, ArchivedFiles)
        other._texts = {**self._texts, **{self.real(path): text for path, text in texts.items()}}
        other._folders = {folder: set(names) for folder, names in self._folders.items()}
        for path in texts:
            _enter(other._folders, self.real(path))
        return other

    def is_regular(self, path: str) -> bool:
        """Is there a file, or may there be one, as the archive does not reach there?"""
        real = self.real(path)
        return real in self._texts or self._packed.isdisjoint(("/", *_prefixes(real)))

    def leads_to_directory(self, path: str) -> bool:
        """Is there a directory, or a link to one?"""
        return self.real(path) in self._folders

    def is_directory(self, path: str) -> bool:
        """Is there a directory (not: a link to one)?"""
        folder, name = os.path.split(_absolute(path))
        return os.path.join(self.real(folder), name) in self._folders

    def require_directory(self, path: str) -> None:
        """Raises `UnreadableInput` if there is no directory."""
        if not self.leads_to_directory(path):
            raise UnreadableInput(self.shown(path), _MISSING)

    def exists(self, path: str) -> bool:
        """Is there anything of that name?"""
        folder, name = os.path.split(_absolute(path))
        return name in self._folders.get(self.real(folder), ())

    def names(self, folder: str) -> list[str]:
        """What a directory holds."""
        return list(self._folders.get(self.real(folder), ()))

    def real(self, path: str) -> str:
        """The absolute path without symbolic links."""
        path = _absolute(path)
        for _ in range(MAX_LINKS):
            link = next((prefix for prefix in _prefixes(path) if prefix in self._links), None)
            if link is None:
                break
            path = _absolute(self._links[link] + path[len(link) :])
        return path

    def identity(self, path: str) -> str:
        """The real path: an archive numbers nothing."""
        return self.real(path)

    def shown(self, path: str) -> str:
        """The absolute path."""
        return _absolute(path)

    def _read(self, path: str, identity: object) -> Source:
        text = self._texts.get(self.real(path))
        if text is None:
            raise UnreadableInput(self.shown(path), _MISSING)
        return Source(self.shown(path), text)


def _prefixes(path: str) -> list[str]:
    """The directories above an absolute path, from the top on, and the path itself."""
    found = []
    while path != "/":
        found.append(path)
        path = os.path.dirname(path)
    return found[::-1]
