"""Integers as C programs read them from text: of a bounded size, so that no row of digits keeps Python busy."""

from __future__ import annotations

import re

LONGEST = 2**63 - 1
"""LONG_MAX: what a long holds at most."""

_DECIMAL = re.compile(r"[+-]?[0-9]+")
_DIGITS = 20
"""More digits are never those of a long."""


def saturated(number: int) -> int:
    """A number, or the last one that a long holds on its side, as strtol(3) has it."""
    return max(min(number, LONGEST), -LONGEST - 1)


def decimal(text: str) -> int | None:
    """The number that ASCII digits, perhaps with a sign, write as a whole; None where it is something else."""
    if not _DECIMAL.fullmatch(text):
        return None
    digits = text.lstrip("+-0")
    number = int(digits or "0") if len(digits) <= _DIGITS else LONGEST + 1
    return saturated(-number if text[0] == "-" else number)
