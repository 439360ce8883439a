"""Which modules the first argument of ``modparam`` means."""

from __future__ import annotations

import re

from cfglint.regexes import cost

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Callable

LONGEST = 40
"""No name of a module is longer."""
MAX_STEPS = 20_000
"""A pattern that may cost more for one name is not tried."""

_FOREIGN = re.compile(r"\(\?|\[[:.=]|\\[^\W_]|\)[*+{]")
"""What Python would read differently than regcomp(3)."""


def matcher(pattern: str) -> Callable[[str], bool] | None:
    """A test for the export name of a module, or None where cfglint cannot tell what the pattern matches.

    It is an extended regular expression for the whole name, without regard to case
    (src/core/modparam.c:set_mod_param_regex).
    """
    names = pattern.lower().split("|")
    if all(re.fullmatch(r"\w+", name, re.ASCII) for name in names):
        return lambda export: export.lower() in names
    if _FOREIGN.search(pattern) or cost(pattern, LONGEST) > MAX_STEPS:
        return None
    try:
        expression = re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None
    return lambda export: expression.fullmatch(export) is not None
