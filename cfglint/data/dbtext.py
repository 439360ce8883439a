"""Tables in text files, as modules/db_text reads them: a line of columns, then a row a line, with colons between."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from cfglint.data.database import MAX_ROWS, Cell, NoColumn, NoData, NoTable, Row
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.numerals import decimal

_COLUMN = re.compile(r"\s*(?P<name>[^\s(]+)\s*\(\s*(?P<kind>[a-zA-Z]+)\s*(?:,\s*(?P<flag>\w+)\s*)?\)")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class TextDatabase:
    """The tables of one directory: a file each."""

    def __init__(self, files: Files, directory: str) -> None:
        self._files = files
        self._directory = directory
        self.name = f"text database {files.shown(directory)}"
        self._tables: dict[str, tuple[list[str], list[Row]]] = {}

    def columns(self, table: str) -> list[str]:
        """See `Database`."""
        return self._table(table)[0]

    def rows(self, table: str, where: Mapping[str, str | int] | None = None, limit: int = MAX_ROWS) -> list[Row]:
        """See `Database`."""
        columns, rows = self._table(table)
        for column in where or {}:
            if column not in columns:
                raise NoColumn(f"table {table} of {self.name} has no column {column}")
        found = [row for row in rows if all(_equal(row[column], value) for column, value in (where or {}).items())]
        return found[:limit]

    def _table(self, name: str) -> tuple[list[str], list[Row]]:
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name]

    def _read(self, table: str) -> tuple[list[str], list[Row]]:
        """One row that leaves out what must not be NULL, and the server has no such table
        (modules/db_text/dbt_tb.c:dbt_table_check_row)."""
        if "/" in table or table in ("", ".", ".."):
            raise NoTable(f"{table!r} is no name of a table")
        path = os.path.join(self._directory, table)
        if not self._files.exists(path):
            raise NoTable(f"{self.name} has no table {table}")
        try:
            lines = self._files.read(path).text.replace("\r\n", "\n").split("\n")
        except UnreadableInput as error:
            raise NoData(f"{error.path}: {error.reason}") from error
        columns = list(_COLUMN.finditer(lines[0]))
        if not columns:
            raise NoData(f"{path}: its first line names no columns")
        names = [column["name"] for column in columns]
        rows = [_row(line, columns) for line in lines[1 : MAX_ROWS + 1] if line]
        needed = [column["name"] for column in columns if column["flag"] not in ("null", "auto")]
        for row in rows:
            empty = next((name for name in needed if row[name] is None), None)
            if empty is not None:
                raise NoTable(f"table {table} of {self.name} is not loaded: {empty} is empty in a row and may not be")
        return names, rows


def _row(line: str, columns: list[re.Match[str]]) -> Row:
    cells = re.findall(r"((?:\\.|[^:\\])*)(?::|$)", line)
    row: dict[str, Cell] = {}
    for column, cell in zip(columns, [*cells, *[""] * len(columns)], strict=False):
        row[column["name"]] = _cell(_ESCAPED.sub(lambda m: _ESCAPES.get(m[1], m[1]), cell), column["kind"][0].lower())
    return row


def _cell(text: str, kind: str) -> Cell:
    """An empty cell is NULL (modules/db_text/dbt_file.c:dbt_load_file)."""
    if not text:
        return None
    if kind == "i":
        return decimal(text) or 0
    if kind == "d":
        try:
            return float(text)
        except ValueError:
            return 0.0
    return text


def _equal(cell: Cell, value: str | int) -> bool:
    return cell is not None and str(cell) == str(value)
