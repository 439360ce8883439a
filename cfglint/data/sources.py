"""Finds the data that a configuration names: files beside it, and databases."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cfglint.data.database import Database, NoData, Remembered
from cfglint.errors import UnreadableInput
from cfglint.files import PRIVATE, Files, part_below
from cfglint.source import Source

if TYPE_CHECKING:
    from cfglint.data.dbtext import TextDatabase

AUTO = "auto"
"""In place of a URL: every module's own."""


class Data:
    """The data of one tree. `directory` is that of the root, `installed_at` where it would lie on the server, `url` the
    database that the user named: a URL, `AUTO`, or None for none."""

    def __init__(self, files: Files, directory: str, installed_at: str, url: str | None) -> None:
        self._files = files
        self._directory = directory
        self._installed_at = installed_at.rstrip("/")
        self._url = url
        self._texts: dict[str, TextDatabase] = {}
        self._databases: dict[str, Database] = {}

    def located(self, path: str) -> str:
        """Where a path of the configuration lies: one below the server's own directory lies in the tree."""
        inside = part_below(path, self._installed_at)
        if inside is not None:
            inside = os.path.join(self._directory, inside)
            if self._files.exists(inside):
                return inside
        return path if path.startswith("/") else os.path.join(self._directory, path)

    def file(self, path: str) -> Source | None:
        """A text file; None where there is none."""
        where = self.located(path)
        if not self._files.exists(where):
            return None
        try:
            return self._files.read(where)
        except UnreadableInput:
            return None

    def names(self, path: str) -> list[str]:
        """What lies beside the place of a path in the tree; nothing for a path outside of it."""
        inside = part_below(path, self._installed_at) if path.startswith("/") else path
        if inside is None:
            return []
        return self._files.names(os.path.dirname(os.path.join(self._directory, inside)))

    def database(self, url: str) -> Database | None:
        """The database that a module's ``db_url`` means; None where nobody named one. Raises `NoData`."""
        scheme, _, rest = url.partition("://")
        if scheme in ("text", "dbtext"):
            return self._text(rest)
        if self._url == AUTO:
            return self._connected(self._own(url))
        return self._connected(self._url) if self._url is not None else None

    @property
    def is_named(self) -> bool:
        """Did the user name one database, which stands for those of all modules?"""
        return self._url not in (None, AUTO)

    def _text(self, directory: str) -> TextDatabase:
        from cfglint.data.dbtext import TextDatabase

        if directory not in self._texts:
            self._texts[directory] = TextDatabase(self._files, self.located(directory))
        return self._texts[directory]

    def _own(self, url: str) -> str:
        """A module's URL in the form that others use. Whoever wrote it may choose the server, but nothing else: what
        stands behind a question mark would change what the driver does on this machine."""
        kind, _, rest = url.partition("?")[0].partition("://")
        if kind == "sqlite":
            path = self.located(rest.removeprefix("/"))
            if not self._files.may_read(path):
                raise NoData(f"{path}: {PRIVATE}")
            return f"sqlite:///{path}"
        if kind not in ("mysql", "mariadb", "postgres", "postgresql"):
            raise NoData(f"a database of the kind {kind} cannot be read")
        return f"{kind}://{rest}"

    def _connected(self, url: str) -> Database:
        from cfglint.data.sql import connect

        if url not in self._databases:
            self._databases[url] = Remembered(connect(url))
        return self._databases[url]
