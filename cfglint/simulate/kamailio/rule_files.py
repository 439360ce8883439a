"""Files of rules that allow_routing() and its like read: who may do what (permissions/parse_config.c, rule.c)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.source import Place, Source, Span

MAX_LINE = 1023
"""LINE_LENGTH: so many characters of a line are read at once."""


class Side(NamedTuple):
    """One side of a rule: no patterns stand for all."""

    patterns: tuple[str, ...]
    exceptions: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Raises `Untold` for a pattern that cannot be followed."""
        return (not self.patterns or _any(self.patterns, text)) and not _any(self.exceptions, text)


class Rule(NamedTuple):
    """``left : right``."""

    left: Side
    right: Side
    place: Place


def _any(patterns: tuple[str, ...], text: str) -> bool:
    return any(compiled(pattern, ignore_case=True).search(text) for pattern in patterns)


def search(rules: list[Rule], left: str, right: str) -> Rule | None:
    """The first rule that fits; raises `Untold`."""
    return next((rule for rule in rules if rule.left.matches(left) and rule.right.matches(right)), None)


def parse(source: Source) -> list[Rule]:
    """The rules of a file; lines that are none are skipped, as the server does with an error in its log."""
    return list(_rules(source))


def _rules(source: Source) -> Iterator[Rule]:
    offset = 0
    for line in source.text.split("\n"):
        text = _without_comment(line[:MAX_LINE].rstrip("\r"))
        colon = _last_colon(text)
        if colon > 0 and colon + 1 < len(text):
            left, right = _side(text[:colon]), _side(text[colon + 1 :])
            if left is not None and right is not None:
                yield Rule(left, right, Place(source, Span(offset, offset + len(text))))
        offset += len(line) + 1


def _without_comment(line: str) -> str:
    quoted = False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == "#" and not quoted:
            return line[:at]
    return line


def _last_colon(text: str) -> int:
    quoted, found = False, -1
    for at, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            found = at
    return found


def _side(text: str) -> Side | None:
    """A list with its exceptions; None where it cannot be read."""
    listed, except_, exceptions = text.partition(" EXCEPT ")
    excepted = _patterns(exceptions) if except_ else ()
    if excepted is None:
        return None
    if listed.strip() == "ALL":
        return Side((), excepted)
    patterns = _patterns(listed.strip())
    return None if patterns is None else Side(patterns, excepted)


def _patterns(text: str) -> tuple[str, ...] | None:
    """Patterns between commas, in quotes or not; None when one is empty or no regular expression."""
    found = []
    for part in re.findall(r'((?:"[^"]*"|[^",])*)(?:,|$)', text)[: text.count(",") + 1]:
        pattern = part.strip(" \t")
        pattern = pattern.removeprefix('"').removesuffix('"')
        if not pattern:
            return None
        try:
            compiled(pattern, ignore_case=True)
        except BadPattern:
            return None
        except Untold:
            pass
        found.append(pattern)
    return tuple(found) or None
