"""Values of the routing script: a string, an integer, null, or something that the configuration alone does not tell."""

from __future__ import annotations

import re
from typing import NamedTuple


class Unknown(NamedTuple):
    """A value that nobody can know from what was given. Two of one name are the same value."""

    name: str
    """What it is, in words; it ends up in the conditions of an answer."""


Value = str | int | None | Unknown
"""None is ``$null``."""


class Abandoned(Exception):
    """An expression that the server gives up on; whoever asked for its value takes false (core/rvalue.c)."""


_DECIMAL = re.compile(r"[+-]?[0-9]+")
_HEXADECIMAL = re.compile(r"0[xX]([0-9a-fA-F]{1,8})")


def number_in(text: str) -> int | None:
    """The integer that a string holds, None where it holds none; an empty one is 0
    (core/rvalue.c:rval_get_long)."""
    if not text:
        return 0
    if _DECIMAL.fullmatch(text):
        return int(text)
    found = _HEXADECIMAL.fullmatch(text)
    return int(found[1], 16) if found is not None else None


def text_of(value: str | int | None) -> str:
    """A known value as a string; null is empty."""
    return "" if value is None else str(value)


def name_of(value: Value) -> str:
    """A value in words."""
    if isinstance(value, Unknown):
        return value.name
    if value is None:
        return "$null"
    return f'"{value}"' if isinstance(value, str) else str(value)
