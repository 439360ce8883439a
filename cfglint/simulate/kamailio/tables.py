"""Rows that modules look up, for functions that have to go on without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cfglint.data.database import NoColumn, NoData, NoTable, Row
from cfglint.numerals import decimal

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

DEFAULT_URL = "mysql://kamailio:kamailiorw@localhost/kamailio"
"""Of the modules that have one (lib/srdb1/db.h)."""


class Failed(Exception):
    """A query that fails on the server, too: there is no such table or column."""


def select(run: Run, url: str, table: str, where: Mapping[str, str | int] | None = None) -> list[Row] | None:
    """The rows of a table whose columns have these values; None where nobody can know. Raises `Failed`."""
    data = run.setup.kamailio.data
    if data is None:
        return None
    try:
        database = data.database(url)
        return None if database is None else database.rows(table, where)
    except (NoTable, NoColumn) as error:
        raise Failed(str(error)) from None
    except NoData as error:
        run.assume(str(error))
        return None


def present(
    run: Run,
    url: str,
    table: str,
    where: Mapping[str, str | int],
    *,
    question: str,
    absent: int = -1,
    failed: int = -1,
    note: str | None = None,
) -> int:
    """The return code of a function that looks for a row: 1, `absent`, or `failed` where the query fails. Where nobody
    can know, the answer to the question decides; `note` is told where the row is known to be absent."""
    try:
        rows = select(run, url, table, where)
    except Failed as reason:
        run.say(str(reason))
        return failed
    if rows is None:
        return absent if run.choose(question, "yes", "no") else 1
    if not rows and note is not None:
        run.say(note)
    return 1 if rows else absent


def required(row: Row, *columns: str) -> None:
    """Raises `Failed` when a row lacks one of the columns that the server asks for."""
    for column in columns:
        if column not in row:
            raise Failed(f"there is no column {column}")


def number(row: Row, column: str) -> int:
    """The integer in a column; 0 where there is none."""
    return decimal(str(row.get(column) or 0)) or 0
