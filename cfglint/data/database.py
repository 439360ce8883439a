"""Tables, wherever they lie: what a reader of them offers, and how it says that it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

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

    def rows(self, table: str, where: Mapping[str, str | int] | None = None) -> list[Row]:
        """The rows of a table whose columns have these values, in the table's order; raises `NoData`."""


_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,63}")


def identifier(name: str) -> str:
    """A name of a table or column that may become part of a query; raises `NoTable`."""
    if _IDENTIFIER.fullmatch(name) is None:
        raise NoTable(f"{name!r} is no name of a table or column")
    return name


def without_password(url: str) -> str:
    """A URL of a database that may be shown."""
    return re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:***@", url)
