"""One fast lexer for all grammars, made from their terminals.

Lark's own lexers spend about two microseconds on a token, most of it on line and column. This one joins the grammar's
terminals, sorted as Lark sorts them, into a single regular expression and yields tokens that carry offsets only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lark.common import LexerConf
from lark.lexer import Lexer, TerminalDef


class Lexeme(NamedTuple):
    """A token: the terminal's name and the half-open range of character offsets it covers.

    Lark's parser reads ``type`` and, for the end marker, the position fields, which stay empty here.
    """

    type: str
    start: int
    end: int

    @property
    def line(self) -> None:
        """Not known; asked for by Lark when it makes the end marker."""
        return

    column = end_line = end_column = start_pos = end_pos = line  # type: ignore[misc]


def terminal_pattern(terminals: list[TerminalDef]) -> re.Pattern[str]:
    """One regular expression for all terminals; ``lastgroup`` of a match is the terminal's name."""
    ordered = sorted(
        terminals,
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    return re.compile("|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in ordered))


class OffsetLexer(Lexer):
    """Yields a `Lexeme` per match; subclasses say what else a grammar needs. Text that nothing matches is an error of
    the grammar, which must have a catch-all terminal."""

    def __init__(self, conf: LexerConf) -> None:
        self.pattern = terminal_pattern(list(conf.terminals))

    def lex(self, data: Any) -> Iterator[Lexeme]:  # type: ignore[override]
        """Tokens of a text."""
        for match in self.pattern.finditer(data):
            yield Lexeme(match.lastgroup or "", match.start(), match.end())
