"""Tables, wherever they lie: what a reader of them offers, and how it says that it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol, TypeVar

Cell = str | int | float | None
Row = Mapping[str, Cell]
"""Column to value."""

MAX_ROWS = 200_000
"""A query that finds more rows is cut there."""


class NoData(Exception):
    """A table that cannot be read: why, in words, without any password."""


class NoTable(NoData):
    """The database answers, and there is no such table."""


class NoColumn(NoData):
    """The table is there, and lacks a column."""


class Database(Protocol):
    """A reader of tables."""

    name: str
    """How to call it in messages."""

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns; raises `NoData`."""

    def rows(self, table: str, where: Mapping[str, str | int] | None = None, limit: int = MAX_ROWS) -> list[Row]:
        """The rows of a table whose columns have these values, in the table's order; raises `NoData`."""


Question = tuple[str, frozenset[tuple[str, str | int]], int]
"""Table, values of columns, and limit."""


class Remembered:
    """A database that is asked everything once, for as long as one configuration is judged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.name = database.name
        self._rows: dict[Question, list[Row] | NoData] = {}
        self._columns: dict[str, list[str] | NoData] = {}

    def columns(self, table: str) -> list[str]:
        """See `Database`."""
        if table not in self._columns:
            try:
                self._columns[table] = self._database.columns(table)
            except NoData as error:
                self._columns[table] = error
        return _told(self._columns[table])

    def rows(self, table: str, where: Mapping[str, str | int] | None = None, limit: int = MAX_ROWS) -> list[Row]:
        """See `Database`."""
        question = (table, frozenset((where or {}).items()), limit)
        if question not in self._rows:
            try:
                self._rows[question] = self._database.rows(table, where, limit)
            except NoData as error:
                self._rows[question] = error
        return _told(self._rows[question])


Told = TypeVar("Told")


def _told(found: Told | NoData) -> Told:
    if isinstance(found, NoData):
        raise type(found)(str(found))
    return found


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,63}")


def identifier(name: str) -> str:
    """A name of a table or column that may become part of a query; raises `NoData`."""
    if _IDENTIFIER.fullmatch(name) is None:
        raise NoData(f"{name!r} is no plain name of a table or column")
    return name


def without_password(url: str) -> str:
    """A URL of a database that may be shown. A password may hold anything, also ``@`` and ``/``."""
    shown = re.sub(r"(?<=://)([^:/@]*):.*@", r"\1:***@", url, flags=re.DOTALL)
    return re.sub(r"(?<=[?&])(\w*(?:pass|secret|key)\w*)=[^&]*", r"\1=***", shown, flags=re.IGNORECASE)
