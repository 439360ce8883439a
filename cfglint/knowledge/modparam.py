"""Which modules the first argument of ``modparam`` means."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Callable

MAX_REPEATS = 4
"""A pattern with more repetitions is not tried: matching it could take for ever."""

_FOREIGN = re.compile(r"\(\?|\[[:.=]|\\[^\W_]|\)[*+{]")
"""What Python would read differently than regcomp(3), and repeated groups, whose cost nobody can foresee."""


def matcher(pattern: str) -> Callable[[str], bool] | None:
    """A test for the export name of a module, or None where cfglint cannot tell what the pattern matches.

    It is an extended regular expression for the whole name, without regard to case
    (src/core/modparam.c:set_mod_param_regex).
    """
    names = pattern.lower().split("|")
    if all(re.fullmatch(r"\w+", name, re.ASCII) for name in names):
        return lambda export: export.lower() in names
    if _FOREIGN.search(pattern) or sum(map(pattern.count, "*+{")) > MAX_REPEATS:
        return None
    try:
        expression = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None
    return lambda export: expression.fullmatch(export) is not None
