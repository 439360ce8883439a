"""The functions of the module registrar."""

from __future__ import annotations

from cfglint.edits import Fix, insert, replace
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

REPLACE = 4
"""The flag of save() that lets only the newest contact be kept."""


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


def replacing(save: Call) -> Fix | None:
    """Let save() put the newest contact in the place of the old one."""
    flags, arguments = save_flags(save), save.arguments
    if flags is None or flags & REPLACE or not arguments or not written(*arguments):
        return None
    text = f'"0x{flags | REPLACE:02x}"'
    edit = (
        replace(arguments[1].place, text)
        if len(arguments) > 1
        else insert(save.home.source, arguments[0].end, f", {text}")
    )
    return Fix("let the newest contact replace the old one", (edit,))
