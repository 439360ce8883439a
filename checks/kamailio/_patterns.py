"""Regular expressions of a script, as the server takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.syntax.kamailio.nodes import Case, String


def patterns(kamailio: Kamailio) -> Iterator[String]:
    """The patterns of ``=~`` and of ``case /``, where they are written there."""
    for test, _ in kamailio.comparisons:
        if test.operator == "=~" and isinstance(test.right, String):
            yield test.right
    for located in kamailio.nodes(Case):
        if located.node.regex and isinstance(located.node.label, String):
            yield located.node.label


def matches(pattern: str, text: str) -> bool:
    """Does an extended pattern match, whatever the case of letters? False where that cannot be told."""
    if pattern.isalnum() and pattern.isascii():
        return pattern.lower() in text.lower()
    try:
        return compiled(pattern, ignore_case=True).search(text)
    except (BadPattern, Untold):
        return False


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern that is a list of them, in parentheses or not, each with the anchors of the whole;
    the pattern itself where it is anything else."""
    start, parts = listed(pattern)
    if start == 0:
        return parts
    before, after = pattern[: start - 1], pattern[start + len("|".join(parts)) + 1 :]
    return [f"{before}{part}{after}" for part in parts]


def listed(pattern: str) -> tuple[int, list[str]]:
    """Where a list of alternatives begins in a pattern, and the alternatives as they are written."""
    match = re.fullmatch(r"\^?\(([^()]*)\)\$?", pattern) or re.fullmatch(r"([^()]*)", pattern)
    if match is None or "[" in match[1] or "\\|" in match[1]:
        return 0, [pattern]
    return match.start(1), match[1].split("|")
