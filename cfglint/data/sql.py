"""Databases behind a URL, read-only: SQLite with Python's own driver, all others through SQLAlchemy."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from cfglint.data.database import MAX_ROWS, Cell, Database, NoColumn, NoData, NoTable, Row, identifier, without_password

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

TIMEOUT = 5
"""Seconds to wait for a connection."""
QUERY_TIMEOUT = 20
"""Seconds to wait for the rows of a query."""

MAX_INSTRUCTIONS = 50_000_000
"""So many instructions of SQLite's machine run for one query: some seconds."""


@cache
def connect(url: str) -> Database:
    """The database of a URL, such as ``sqlite:////var/lib/kamailio.db`` or ``postgresql://user@host/kamailio``; raises
    `NoData`. It is asked nothing before the first query."""
    return SqliteDatabase(url) if url.startswith("sqlite:") else SqlDatabase(url)


class SqliteDatabase:
    """A database in a file; never changed, not even by making it."""

    def __init__(self, url: str) -> None:
        path = unquote(url.partition("://")[2].partition("?")[0])
        # sqlite:///relative and sqlite:////absolute, as everywhere in Python; sqlite://name is Kamailio's own.
        self._path = path[1:] if path.startswith("/") else path
        self.name = url
        self._connection: sqlite3.Connection | None = None
        self._columns: dict[str, list[str]] = {}

    def rows(self, table: str, where: Mapping[str, str | int] | None = None, limit: int = MAX_ROWS) -> list[Row]:
        """See `Database`."""
        columns = self.columns(table)
        names = {column.lower(): column for column in columns}
        conditions = []
        for column in where or {}:
            if column.lower() not in names:
                raise NoColumn(f"table {table} of {self.name} has no column {column}")
            conditions.append(f'"{names[column.lower()]}" = ?')
        clause = " WHERE " + " AND ".join(conditions) if conditions else ""
        # Names are checked above and values are bound.
        query = f'SELECT * FROM "{table}"{clause} LIMIT {limit:d}'  # noqa: S608
        try:
            found = self._open().execute(query, tuple((where or {}).values())).fetchall()
        except sqlite3.Error as error:
            raise NoData(f"{self.name}: {error}") from error
        return [SqlRow(zip(names, row, strict=True)) for row in found]

    def columns(self, table: str) -> list[str]:
        """See `Database`."""
        if table not in self._columns:
            try:
                found = self._open().execute(f'PRAGMA table_info("{identifier(table)}")').fetchall()
            except sqlite3.Error as error:
                raise NoData(f"{self.name}: {error}") from error
            if not found:
                raise NoTable(f"{self.name} has no table {table}")
            self._columns[table] = [str(column[1]) for column in found]
        return self._columns[table]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            if not os.path.isfile(self._path):
                raise NoData(f"{self.name}: there is no such file")
            self._connection = sqlite3.connect(f"file:{quote(self._path)}?mode=ro", uri=True, timeout=TIMEOUT)
            self._connection.execute("PRAGMA trusted_schema = OFF")
            self._connection.set_progress_handler(lambda: 1, MAX_INSTRUCTIONS)  # a view may be a query without end
        return self._connection


class SqlRow(Mapping[str, Cell]):
    """A row of a table whose columns' names are compared without regard to case, as those of SQL are."""

    __slots__ = ("_cells",)

    def __init__(self, cells: Iterable[tuple[str, Cell]]) -> None:
        self._cells: dict[str, Cell] = dict(cells)
        """By names in lower case."""

    def __getitem__(self, name: str) -> Cell:
        return self._cells[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


class SqlDatabase:
    """A database behind SQLAlchemy, in transactions that may only read where it has such."""

    def __init__(self, url: str) -> None:
        self.name = without_password(url)
        self._engine = _engine(url, self.name)
        self._columns: dict[str, list[str]] = {}
        self._unreachable = ""
        """Why it cannot be reached: that is not tried again, as it may take long."""

    def columns(self, table: str) -> list[str]:
        """See `Database`."""
        import sqlalchemy

        if table not in self._columns:
            name = self._folded(identifier(table))
            with self._connected() as connection:
                try:
                    found = sqlalchemy.inspect(connection).get_columns(name)
                except sqlalchemy.exc.NoSuchTableError as error:
                    raise NoTable(f"{self.name} has no table {table}") from error
                except sqlalchemy.exc.SQLAlchemyError as error:
                    raise NoData(f"{self.name}: {_reason(error)}") from error
            self._columns[table] = [str(column["name"]) for column in found]
        return self._columns[table]

    def rows(self, table: str, where: Mapping[str, str | int] | None = None, limit: int = MAX_ROWS) -> list[Row]:
        """See `Database`."""
        import sqlalchemy

        columns: dict[str, Any] = {name.lower(): sqlalchemy.column(name) for name in self.columns(table)}
        found = sqlalchemy.table(self._folded(table), *columns.values())
        query = sqlalchemy.select(found).limit(limit)
        for column, value in (where or {}).items():
            if column.lower() not in columns:
                raise NoColumn(f"table {table} of {self.name} has no column {column}")
            query = query.where(columns[column.lower()] == value)
        with self._connected() as connection:
            try:
                return [SqlRow(zip(columns, row, strict=True)) for row in connection.execute(query)]
            except sqlalchemy.exc.SQLAlchemyError as error:
                raise NoData(f"{self.name}: {_reason(error)}") from error

    def _folded(self, table: str) -> str:
        """PostgreSQL takes names that are not quoted, as Kamailio sends them, in lower case."""
        return table.lower() if self._engine.dialect.name == "postgresql" else table

    def _connected(self) -> Connection:
        import sqlalchemy

        if self._unreachable:
            raise NoData(self._unreachable)
        try:
            return self._engine.connect()
        except (sqlalchemy.exc.SQLAlchemyError, ValueError, OSError) as error:
            self._unreachable = f"{self.name}: {_reason(error)}"
            raise NoData(self._unreachable) from error


DRIVERS = {
    "postgres": ("postgresql+psycopg", "postgresql+psycopg2"),
    "postgresql": ("postgresql+psycopg", "postgresql+psycopg2"),
    "mysql": ("mysql+pymysql", "mysql+mysqldb"),
    "mariadb": ("mysql+pymysql", "mysql+mysqldb"),
}
"""Scheme to what SQLAlchemy calls it, with each driver that may be there."""


def _engine(url: str, name: str) -> Engine:
    try:
        import sqlalchemy
    except ImportError:
        raise NoData(f"{name}: reading it needs SQLAlchemy: pip install 'sip-cfglint[db]'") from None
    dialect, _, rest = url.partition("://")
    choices = DRIVERS.get(dialect, (dialect,))
    options: dict[str, Any] = {"execution_options": {"postgresql_readonly": True}, "connect_args": _arguments(dialect)}
    reason = "no driver"
    for choice in choices:
        try:
            return sqlalchemy.create_engine(f"{choice}://{rest}", **options)
        except ImportError as error:
            reason = f"the driver {error.name} is not installed: pip install 'sip-cfglint[db]'"
        except (sqlalchemy.exc.ArgumentError, ValueError) as error:
            # What they say may hold the URL, or the half of a password that was taken for a port.
            raise NoData(f"{name}: this is no URL of a database that can be read") from error
    raise NoData(f"{name}: {reason}")


def _arguments(dialect: str) -> dict[str, str | int]:
    """What a driver is told: to give up at some time, and not to write."""
    if dialect in ("postgres", "postgresql"):
        return {"connect_timeout": TIMEOUT, "options": f"-c statement_timeout={QUERY_TIMEOUT * 1000}"}
    if dialect in DRIVERS:
        read_only = "SET SESSION TRANSACTION READ ONLY"
        return {"connect_timeout": TIMEOUT, "read_timeout": QUERY_TIMEOUT, "init_command": read_only}
    return {}


def _reason(error: Exception) -> str:
    """The first line of what a driver says: it holds no password, only host and user."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
