"""The functions of the module registrar."""

from __future__ import annotations

from cfglint.model.kamailio_conditions import literal
from cfglint.syntax.kamailio.nodes import Call


def save_flags(save: Call) -> int | None:
    """The flags of a save(), 0 where it has none; None where they are not written there."""
    if len(save.arguments) < 2:
        return 0
    flags = literal(save.arguments[1])
    if flags is None or not flags.removeprefix("0x").isalnum():
        return None
    try:
        return int(flags, 16 if flags.startswith("0x") else 10)
    except ValueError:
        return None
