"""Reads files: bounded, never through a device, with overlays, and shows paths relative to the current directory."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping

from cfglint.errors import UnreadableInput
from cfglint.source import Source, decode

MAX_BYTES = 64 * 1024 * 1024
"""A larger file is refused: no server's configuration is that large, and reading it would fill the memory."""


class Files:
    """The files of one run. Each is read once; `overlays` maps a path to the text that stands in for its content."""

    def __init__(self, overlays: Mapping[str, str] | None = None) -> None:
        self._overlays = {os.path.realpath(path): text for path, text in (overlays or {}).items()}
        self._sources: dict[str, Source] = {}
        self._here = os.path.join(os.getcwd(), "")

    def read(self, path: str) -> Source:
        """The text of a regular file; raises `UnreadableInput` with the reason."""
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = self._read(path)
        return source

    def is_regular(self, path: str) -> bool:
        """Is there a regular file (through symbolic links), or an overlay?"""
        try:
            return stat.S_ISREG(os.stat(path).st_mode)
        except (OSError, ValueError):
            return os.path.realpath(path) in self._overlays if self._overlays else False

    def shown(self, path: str) -> str:
        """The path as it is shown: relative to the current directory when below it."""
        absolute = os.path.abspath(path)
        return absolute[len(self._here) :] if absolute.startswith(self._here) else absolute

    def _read(self, path: str) -> Source:
        shown = self.shown(path)
        if self._overlays:
            text = self._overlays.get(os.path.realpath(path))
            if text is not None:
                return Source(shown, text)
        return Source(shown, decode(read_bytes(path, shown)))


def read_bytes(path: str, shown: str) -> bytes:
    """A regular file's bytes; anything else, or too much of it, is an `UnreadableInput`."""
    try:
        # Without blocking: a FIFO that nobody writes to would hold us up for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableInput(shown, _reason(error)) from error
    except ValueError as error:
        raise UnreadableInput(shown, "is not a usable file name") from error
    try:
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableInput(shown, f"is {_kind(status.st_mode)}, not a file; name a file or its directory")
            if status.st_size > MAX_BYTES:
                raise UnreadableInput(
                    shown, f"is larger than {MAX_BYTES // 1024**2} MiB; is it a configuration file at all?"
                )
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableInput(shown, _reason(error)) from error


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file; check the path"
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
