"""Values of the routing script: a string, an integer, null, or something that the configuration alone does not tell."""

from __future__ import annotations

import re

from cfglint.namedtuples import NamedTuple
from cfglint.numerals import LONGEST, decimal


class Unknown(NamedTuple):
    """A value that nobody can know from what was given. Two of one name are the same value."""

    name: str
    """What it is, in words; it ends up in the conditions of an answer."""


Value = str | int | None | Unknown
"""None is ``$null``."""


MAX_TEXT = 65_536
"""A longer string is not followed: a script that doubles one again and again would fill the memory."""


class TooMuch(Exception):
    """A script that is not followed any further: why, in words."""


class Abandoned(Exception):
    """An expression that the server gives up on; whoever asked for its value takes false (core/rvalue.c)."""


_HEXADECIMAL = r"0[xX]([0-9a-fA-F]{1,8})"


def number_in(text: str) -> int | None:
    """The integer that a string holds, None where it holds none; an empty one is 0
    (core/rvalue.c:rval_get_long)."""
    if not text:
        return 0
    number = decimal(text)
    if number is not None:
        return number
    found = re.fullmatch(_HEXADECIMAL, text)
    return int(found[1], 16) if found is not None else None


def bounded(text: str, factor: int = 1) -> str:
    """The text; raises `TooMuch` where it is too long, or would be with `factor` characters for each of its own."""
    if len(text) * factor > MAX_TEXT:
        raise TooMuch(f"a string grows beyond {MAX_TEXT} characters; what follows is not known")
    return text


def wrapped(number: int) -> int:
    """What a long keeps of a result."""
    return (number + LONGEST + 1) % (2 * LONGEST + 2) - LONGEST - 1


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
