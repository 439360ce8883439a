"""Which files a Kamailio configuration includes (core/cfg.lex:sr_push_yy_state)."""

from __future__ import annotations

import os

from cfglint.errors import UnreadableInput
from cfglint.files import Files, part_below
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.problems import ABORTS, DOUBTFUL, Log, Remark
from cfglint.source import Place, Source
from cfglint.syntax.kamailio.tokens import Home

MAX_DEPTH = 10
"""MAX_INCLUDE_DEPTH: how deep includes may nest."""
MAX_NAME = 127
"""MAX_INCLUDE_FNAME, in bytes, its quotes included."""

MAX_LOADS = 5_000
"""So many files are read for one root; includes that multiply would otherwise never end."""


class Include(NamedTuple):
    """An include directive: `source` is None when nothing was read."""

    place: Place
    name: str
    source: Source | None
    optional: bool


class Includes:
    """Finds and opens included files; keeps those that are open, to see cycles."""

    def __init__(self, files: Files, installed_at: str, log: Log) -> None:
        self.all: list[Include] = []
        self.incomplete = False
        self._files = files
        self._installed_at = installed_at
        self._log = log
        self._directory = ""
        self._open: list[str] = []
        self._loads = 0

    def root(self, path: str) -> Source:
        """Open the root; raises `UnreadableInput`."""
        self._directory = os.path.dirname(path) or "."
        source = self._files.read(path)
        self._open.append(self._files.real(path))
        return source

    def enter(self, written: str, place: Place, home: Home, optional: bool) -> Source | None:
        """Open the file that an include directive in `home` names; `leave` it when it is read."""
        name = self._name(written, place)
        if name is None:
            return None
        path = self._locate(name, home)
        source = None
        if path is not None:
            source = self._read(path, name, place, home)
        elif not optional:
            self.incomplete = True
            self._log.add(kinds.INCLUDE_NOT_FOUND, place, ABORTS, name)
        self.all.append(Include(place, name, source, optional))
        return source

    def leave(self) -> None:
        """The file that was entered last is read."""
        self._open.pop()

    def _name(self, written: str, place: Place) -> str | None:
        """The name in an include directive: one word in double quotes (core/cfg.lex:sr_push_yy_state)."""
        if len(written.encode("utf-8", "surrogateescape")) > MAX_NAME or "\0" in written:
            self._log.add(kinds.BAD_INCLUDE_NAME, place, ABORTS, "too long")
        elif len(written) < 3 or written[0] != '"' or written[-1] != '"' or written.endswith('\\"'):
            self._log.add(kinds.BAD_INCLUDE_NAME, place, ABORTS, "quotes")
        else:
            name, escapes = "", {"t": "\t", "n": "\n", "r": "\r"}
            characters = iter(written[1:-1])
            for character in characters:
                if character == "\\":
                    character = next(characters, "")
                    character = escapes.get(character, character)
                name += character
            return name
        return None

    def _locate(self, name: str, home: Home) -> str | None:
        """The path of an included file: beside the file that includes it, else beside the root, where the server is
        taken to be started."""
        if name.startswith("/"):
            inside = part_below(name, self._installed_at)
            candidates = [f"{self._directory}/{inside}", name] if inside is not None else [name]
        else:
            beside = os.path.dirname(self._open[-1]) if home.chain else self._directory
            candidates = [f"{beside}/{name}", f"{self._directory}/{name}"]
        return next((path for path in candidates if self._files.is_regular(path)), None)

    def _read(self, path: str, name: str, place: Place, home: Home) -> Source | None:
        real = self._files.real(path)
        chain = (*home.chain, place)
        if real in self._open:
            remarks = tuple(Remark(p, "included from here") for p in home.chain)
            self._log.add(kinds.INCLUDE_CYCLE, place, ABORTS, name, remarks)
            return None
        if len(chain) > MAX_DEPTH:
            self._log.add(kinds.INCLUDE_TOO_DEEP, place, ABORTS, name)
            return None
        self._loads += 1
        if self._loads > MAX_LOADS:
            if self._loads == MAX_LOADS + 1:
                self._log.add(kinds.TOO_MANY_FILES, place, ABORTS, name)
            return None
        try:
            source = self._files.read(path)
        except UnreadableInput as error:
            self.incomplete = True
            self._log.add(kinds.INCLUDE_UNREADABLE, place, DOUBTFUL, error.reason)
            return None
        self._open.append(real)
        return source
