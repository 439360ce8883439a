"""The stack of a parse of Kamailio's language: what is open, what may begin, and what fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cfglint.source import Place
from cfglint.syntax.automaton import END, Run
from cfglint.syntax.kamailio.builder import Builder
from cfglint.syntax.kamailio.lexer import automaton
from cfglint.syntax.kamailio.nodes import Broken
from cfglint.syntax.kamailio.tokens import Token

MAX_NESTING = 150
"""So deep blocks, parentheses and statements without braces may nest; whoever walks the tree can do so recursively."""

AHEAD = 3
"""So many tokens must fit behind a repair for it to count as one."""

_BEGINNINGS = frozenset(
    ("MAIN_ROUTE", "NAMED_ROUTE", "EVENT_ROUTE", "LOADMODULE", "MODPARAM", "MODPARAMX", "SUBST", "PATH", "FLAGS",
     "FLAG_NAMES")
)  # fmt: skip
"""Tokens that only begin something outside of blocks."""
_SETTINGS = frozenset(
    ("LISTEN", "ALIAS", "SOCKET", "NUMBER_PARAMETER", "INTEGER_PARAMETER", "STRING_PARAMETER", "NAME_PARAMETER",
     "WORD_PARAMETER", "MIXED_PARAMETER", "NUMBER_OR_WORD_PARAMETER", "IPV4_PARAMETER", "IPV6_PARAMETER",
     "ADDRESS_PARAMETER", "TLS_METHOD")
)  # fmt: skip
"""Tokens that do so in front of an equals sign."""
_PARTNERS = {"LBRACE": "RBRACE", "LPAREN": "RPAREN"}
_NESTING = frozenset(("LBRACE", "LPAREN", "IF", "WHILE"))


class Stack:
    """A run of the automaton over live tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.builder = Builder()
        tables = automaton()
        self.run = Run(tables, tables.actions(self.builder), watch=MAX_NESTING)
        self.run.too_deep = self.too_deep
        self.deep = False
        """Does it nest more deeply than it may?"""

    def too_deep(self) -> bool:
        """More open blocks, parentheses and statements than may nest? A chain of ``else if`` counts once."""
        depth, previous = 0, ""
        for value in self.run.values:
            kind = value[0] if isinstance(value, Token) else ""
            if kind in _NESTING and not (kind == "IF" and previous == "ELSE"):
                depth += 1
            previous = kind
        self.deep = depth > MAX_NESTING
        return self.deep

    def fits(self, kinds: Sequence[str], index: int) -> bool:
        """Do these fit, and then the tokens from `index` on?"""
        following = [token.type for token in self.tokens[index : index + AHEAD]]
        if len(following) < AHEAD and not self.open("LBRACE"):
            following.append(END)
        return self.run.accepts([*kinds, *following])

    def open(self, kind: str) -> list[Token]:
        """The braces or parentheses that are open. The last may have its partner on the stack: it waits for the next
        token."""
        opened = [v for v in self.run.values if isinstance(v, Token) and v.type == kind]
        return opened[:-1] if self.closed(_PARTNERS[kind]) else opened

    def closed(self, kind: str) -> bool:
        """Is the last thing on the stack a closing brace or parenthesis?"""
        values = self.run.values
        return bool(values) and isinstance(values[-1], Token) and values[-1].type == kind

    def statement_may_begin(self) -> bool:
        """Could a statement begin here?"""
        return self.run.accepts(["BREAK"])

    def begins_item(self, index: int) -> bool:
        """Does something begin at a token that only stands outside of blocks? For ``route`` what follows tells."""
        tokens = self.tokens
        kind = tokens[index].type
        following = tokens[index + 1].type if index + 1 < len(tokens) else ""
        if kind in _BEGINNINGS or (kind in _SETTINGS and following == "EQUAL"):
            return True
        if kind == "ROUTE":
            return following in ("LBRACKET", "LBRACE")
        before = tokens[index - 1].type if index else ""
        return before == "ROUTE" and kind in ("LBRACKET", "LBRACE")

    def same_line(self, index: int) -> bool:
        """Does the next token stand in the same line?"""
        one, other = self.tokens[index], self.tokens[index + 1]
        return one.home is other.home and "\n" not in one.home.source.text[one.end : other.start]

    def base(self, symbol: str, highest: int | None = None) -> tuple[int, str]:
        """The greatest height of the stack, up to `highest`, where a `symbol` may begin; not inside of a block whose
        brace is on the stack already."""
        states, row = self.run.states, self.run.automaton.row
        if highest is None:
            highest = len(states) - 1
            if self.closed("RBRACE"):
                highest = max(i for i, v in enumerate(self.run.values) if isinstance(v, Token) and v.type == "LBRACE")
        for level in range(highest, -1, -1):
            if symbol in row(states[level]):
                return level, symbol
        return 0, "item"

    def push(self, symbol: str, value: Any) -> None:
        """Put a value on the stack as if it had been parsed."""
        self.run.states.append(self.run.automaton.row(self.run.states[-1])[symbol])
        self.run.values.append(value)

    def cut(self, level: int, symbol: str, fallback: Token) -> None:
        """Replace everything above a height of the stack by something broken."""
        run = self.run
        start = next((v for v in run.values[level:] if hasattr(v, "start")), fallback)
        last = next((v for v in reversed(run.values[level:]) if hasattr(v, "start")), start)
        del run.states[level + 1 :], run.values[level:]
        self.push(symbol, Broken([start, last]))

    def insert(self, kind: str, previous: Token, index: int) -> int:
        """Feed a token that is not there, behind one that is; returns the index."""
        self.run.feed([Token(kind, previous.end, previous.end, "", previous.home)], 0)
        return index

    def last_route(self) -> Place | None:
        """The end of the last item, which may have been closed too early."""
        values = self.run.values
        items = values[0] if values and isinstance(values[0], list) else []
        closing = getattr(getattr(items[-1], "block", None), "closing", None) if items else None
        return closing.place if closing is not None else None

    def items(self) -> list[Any]:
        """The items that are complete."""
        value = self.run.values[0] if self.run.values else []
        return value if isinstance(value, list) else [value]
