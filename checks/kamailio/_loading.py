"""Loading a module that another one needs."""

from __future__ import annotations

from cfglint.edits import SAFE, Fix
from cfglint.model.kamailio import Loaded
from cfglint.model.kamailio.editing import put_before, remove_item, written
from cfglint.namedtuples import NamedTuple


class Need(NamedTuple):
    """A module that another one needs in front of it; `late`: it is loaded, but further down."""

    module: Loaded
    name: str
    late: Loaded | None = None


def load(need: Need) -> Fix | None:
    """Load it in front, in the words of the line that loads the other one. Safe: nothing works without it."""
    node, late = need.module.node, need.late.node if need.late is not None else None
    if not all(written(item) for item in (node, late) if item is not None) or node.options is not None:
        return None
    if late is not None:
        if late.home.source is not node.home.source:
            return None
        return Fix(f"load {need.name} first", (put_before(node, late.place.text), remove_item(late)), SAFE)
    text = node.place.text
    if text.count(need.module.name) != 1:
        return None
    return Fix(f"load {need.name}", (put_before(node, text.replace(need.module.name, need.name)),), SAFE)
