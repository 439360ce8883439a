"""How checks speak of the tables that a configuration reads."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import AT_START, Fault, Table, faults


def of_kind(kamailio: Kamailio, kind: str) -> Iterator[Fault]:
    """The faults of one kind."""
    if not kamailio.whole:
        return
    for fault in faults(kamailio):
        if fault.kind == kind:
            yield fault


def consequence(table: Table) -> str:
    """What becomes of the server, in words."""
    if table.read == AT_START:
        return "the server does not start"
    return f"every query of {table.module} fails"


def category(table: Table) -> str | None:
    """A matter of answers where the server starts all the same; else the check's own category."""
    return None if table.read == AT_START else "answer"


MAX_NAMED = 3
"""So many rows are named."""


def named(rows: list[str]) -> str:
    """Some rows by what stands in them, and how many more there are."""
    shown = ", ".join(f"'{row}'" for row in rows[:MAX_NAMED])
    more = len(rows) - MAX_NAMED
    return shown if more <= 0 else f"each of {shown} and {more} more"
