"""How checks speak of the tables that a configuration reads."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio_tables import AT_START, Fault, Table, faults


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
