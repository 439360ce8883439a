"""What can be wrong with a Kamailio configuration before anybody asks what it does.

A problem is data: its kind, its place, what the server does about it, and what a message needs. The checks word it.
"""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span

ABORTS = "aborts"
"""The server refuses the configuration."""
IGNORED = "ignored"
"""The server reads on; what is meant has no effect, or another one."""
DOUBTFUL = "doubtful"
"""The server's answer depends on what lies outside the files, such as its environment."""

# the preprocessor
REDEFINED = "redefined"
TOO_MANY_DEFINES = "too-many-defines"
NAME_WITH_DASH = "name-with-dash"
RESERVED_DEFINE = "reserved-define"
EXPANSION_LOOP = "expansion-loop"
EXPANSION_TOO_LARGE = "expansion-too-large"
UNCLOSED_CONDITION = "unclosed-condition"
STRAY_ENDIF = "stray-endif"
STRAY_ELSE_DIRECTIVE = "stray-else-directive"
REPEATED_ELSE = "repeated-else"
TEXT_BEHIND_DIRECTIVE = "text-behind-directive"
TOO_DEEP_CONDITIONS = "too-deep-conditions"
UNKNOWN_DIRECTIVE = "unknown-directive"
BAD_SUBSTITUTION = "bad-substitution"
BAD_EXPRESSION = "bad-expression"
BAD_INCLUDE_NAME = "bad-include-name"
INCLUDE_NOT_FOUND = "include-not-found"
INCLUDE_UNREADABLE = "include-unreadable"
INCLUDE_CYCLE = "include-cycle"
INCLUDE_TOO_DEEP = "include-too-deep"
TOO_MANY_FILES = "too-many-files"
ENVIRONMENT = "environment"
MODULE_TWICE = "module-twice"
ODD_MODE_LINE = "odd-mode-line"

# the lexer
DROPPED_TEXT = "dropped-text"
UNCLOSED_STRING = "unclosed-string"
UNCLOSED_COMMENT = "unclosed-comment"
UNCLOSED_VARIABLE = "unclosed-variable"

# the parser
SYNTAX = "syntax"
TOO_NEW = "too-new"

# what the parser's actions refuse
DUPLICATE_ROUTE = "duplicate-route"
NO_STATEMENT = "no-statement"


MAX_DROPPED = 1_000
"""So many single characters that the server drops are noted; a file of another sort is full of them."""

SHOWN = 20
"""So much of a text is kept in a problem's detail."""


class Remark(NamedTuple):
    """A second place of a problem, and what is to be seen there."""

    place: Place
    text: str


class Problem(NamedTuple):
    """One thing that is wrong. `detail` is what the message is about (a name, a directive); `shape` and `expected` tell
    apart what the parser can complain of (see `cfglint.syntax.kamailio.faults`)."""

    kind: str
    place: Place
    effect: str
    detail: str = ""
    remarks: tuple[Remark, ...] = ()
    shape: str = ""
    expected: tuple[str, ...] = ()


class Log:
    """The problems of one reading, in the order they are met."""

    __slots__ = ("problems",)

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, kind: str, place: Place | None, effect: str, detail: str = "", remarks: tuple[Remark, ...] = ()
    ) -> None:
        """Note a problem; what the server itself brings has no place and is no problem."""
        if place is not None:
            self.problems.append(Problem(kind, place, effect, detail, remarks))

    def dropped(self, place: Place, character: str) -> None:
        """Note a character that the server drops; a row of them is one problem."""
        last = self.problems[-1] if self.problems else None
        if last is not None and last.kind == DROPPED_TEXT and last.place.source is place.source:
            if last.place.span.end == place.span.start:
                whole = Place(place.source, Span(last.place.span.start, place.span.end))
                detail = last.detail + character if len(last.detail) < SHOWN else last.detail
                self.problems[-1] = last._replace(place=whole, detail=detail)
                return
            if len(self.problems) > MAX_DROPPED:
                return
        self.add(DROPPED_TEXT, place, IGNORED, character)
