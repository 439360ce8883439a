"""``#!subst`` rules: ``/expression/replacement/flags`` with any separator (core/re.c:subst_parser)."""

from __future__ import annotations

import re
from math import isinf

from cfglint.namedtuples import NamedTuple
from cfglint.regexes import Budget, cost


class BadRuleError(Exception):
    """A rule that the server refuses: what is wrong with it."""


class RiskyRuleError(BadRuleError):
    """A rule that the server takes, and whose expression could keep us busy for ever."""


class Rule(NamedTuple):
    """A substitution: `name` is the expression as written, which ``#!substdef`` takes as the name to define."""

    name: str
    pattern: re.Pattern[str]
    replacement: str
    everywhere: bool

    def apply(self, text: str, budget: Budget) -> str:
        """The text with the first match, or all matches, replaced; ``\\1`` stands for a group. Raises `TooCostly`."""
        budget.spend(self.name, len(text))
        template = self.replacement

        def replaced(match: re.Match[str]) -> str:
            return _BACK.sub(lambda found: _back(match, found), template)

        return self.pattern.sub(replaced, text, count=0 if self.everywhere else 1)


_BACK = re.compile(r"\\(.)", re.DOTALL)


def _back(match: re.Match[str], found: re.Match[str]) -> str:
    character = found[1]
    if not character.isdigit():
        return {"n": "\n", "r": "\r", "t": "\t"}.get(character, character)
    number = int(character)
    return (match[number] or "") if number <= match.re.groups else ""


def parse_rule(text: str) -> Rule:
    """The rule that a string holds; raises `BadRuleError`."""
    if len(text) < 3:
        raise BadRuleError("it is too short")
    separator = text[0]
    if separator == "\\":
        raise BadRuleError("a backslash cannot be the separator")
    first = _separator(text, separator, 1)
    second = _separator(text, separator, first + 1) if first >= 0 else -1
    if second < 0:
        raise BadRuleError(f"there are not three {separator}")
    flags = text[second + 1 :]
    unknown = next((c for c in flags if c not in "isg"), None)
    if unknown is not None:
        raise BadRuleError(f"there is no flag {unknown}")
    if isinf(cost(text[1:first], 1)):
        raise RiskyRuleError
    try:
        options = (re.IGNORECASE if "i" in flags else 0) | (re.DOTALL if "s" in flags else re.MULTILINE)
        pattern = re.compile(text[1:first], options)
    except (re.error, OverflowError, RecursionError):
        raise BadRuleError("its expression is none") from None
    return Rule(text[1:first], pattern, text[first + 1 : second], "g" in flags)


def _separator(text: str, separator: str, at: int) -> int:
    """Offset of the next separator without a backslash before it, or -1."""
    while True:
        at = text.find(separator, at)
        if at <= 0 or text[at - 1] != "\\":
            return at
        at += 1


def quoted(value: str) -> str:
    """A string token with this value."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
