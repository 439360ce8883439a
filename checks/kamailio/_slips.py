"""Names that are clear slips of others."""

from __future__ import annotations

from typing import Any

from cfglint.edits import Fix, replace
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple


class Slip(NamedTuple):
    """A name, where it is written, and the one that is meant."""

    places: tuple[Any, ...]
    name: str
    meant: str


def slip(name: str, meant: str | None, *places: Any) -> Slip | None:
    """A slip of the nodes or tokens that hold a name, if it is known what is meant."""
    return Slip(places, name, meant) if meant is not None else None


def corrected(found: Slip) -> Fix | None:
    """Write what is meant. Unsafe: a name that is alike may be the wrong one."""
    places = [node.place for node in found.places]
    if not written(*found.places) or any(place.text.count(found.name) != 1 for place in places):
        return None
    edits = tuple(replace(place, place.text.replace(found.name, found.meant)) for place in places)
    return Fix(f"write {found.meant}", edits)
