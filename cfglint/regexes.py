"""What a regular expression out of a configuration may cost: Python's matcher goes back and tries again, and some
expressions would keep it busy for ever."""

from __future__ import annotations

import re
from functools import lru_cache

MAX_STEPS = 50_000_000
"""So many steps all matches of one run may take together: a second or two."""

CALL = 100
"""What a search costs besides, in steps."""

MAX_LENGTH = 4_096
MAX_DEPTH = 50
"""A longer expression, or one whose groups nest deeper, is not tried."""

_ATOM = re.compile(r"\\.|\[\^?\]?(?:\[[:.=].*?[:.=]\]|\\.|[^\]\\])*\]|.", re.DOTALL)
_INTERVAL = re.compile(r"\{(\d{0,9})(,?)(\d{0,9})\}", re.ASCII)


class TooCostly(Exception):
    """An expression that is not tried."""


class Budget:
    """What is left for the expressions of one run."""

    def __init__(self, steps: float = MAX_STEPS) -> None:
        self._left = steps

    def spend(self, pattern: str, length: int) -> None:
        """Before a search in a text of `length` characters; raises `TooCostly`."""
        needed = CALL + cost(pattern, length)
        if needed > self._left:
            raise TooCostly
        self._left -= needed


@lru_cache(maxsize=1 << 14)
def cost(pattern: str, length: int) -> float:
    """No fewer steps than a search in a text of `length` characters takes; infinite where repetitions nest.

    Every way to divide the text among the repetitions is tried from every place, and a way leads through the pattern
    once.
    """
    if len(pattern) > MAX_LENGTH:
        return float("inf")
    ways, at = _alternatives(pattern, 0, length, MAX_DEPTH)
    if at < len(pattern):
        return float("inf")
    return (length + 1) * ways


def _alternatives(pattern: str, at: int, length: int, depth: int) -> tuple[float, int]:
    """In how many ways what begins at `at` matches, up to an unmatched parenthesis; and where it ends."""
    if not depth:
        return float("inf"), len(pattern)
    total, ways = 0.0, 1.0
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            total, ways, at = total + ways, 1.0, at + 1
            continue
        if pattern[at] == "(":
            inner, at = _alternatives(pattern, at + 1, length, depth - 1)
            at += 1
        else:
            atom = _ATOM.match(pattern, at)
            inner, at = 1.0, atom.end() if atom else at + 1
        least, most, at = _repetition(pattern, at, length)
        if most == 1:
            ways *= inner + (least == 0)
        else:
            ways *= most - least + 1 if inner == 1 else float("inf")
    return total + ways, at


def _repetition(pattern: str, at: int, length: int) -> tuple[float, float, int]:
    """How often at least and at most, and where the text behind begins. What may be repeated without end is repeated no
    more often than there are characters; a second mark behind the first only makes it worse."""
    least = most = 1.0
    while at < len(pattern):
        mark = pattern[at]
        interval = _INTERVAL.match(pattern, at)
        if mark in "*+":
            least, most, at = (0 if mark == "*" else least), most * max(length, 1), at + 1
        elif mark == "?":
            least, at = 0, at + 1
        elif interval is not None:
            low, comma, high = interval.groups()
            top = int(high) if high else length if comma else int(low or 0)
            exact = most == 1 and not comma
            least, most, at = top if exact else 0, most * max(top, 1), interval.end()
        else:
            break
    return least, most, at
