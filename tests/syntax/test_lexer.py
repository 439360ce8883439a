from __future__ import annotations

from lark import Lark

from cfglint.syntax.lexer import Lexeme, terminal_pattern

GRAMMAR = r"""
start: (WORD | NUMBER | HEX | KEYWORD | REST)*
WORD: /[a-z]+/
NUMBER: /[0-9]+/
HEX: "0x" NUMBER
KEYWORD.2: "if"
REST.-1: /./s
"""


def test_terminals_are_tried_in_larks_order() -> None:
    text = "if ifs 0x12 12 !"
    lark = Lark(GRAMMAR, parser="lalr", lexer="basic")
    pattern = terminal_pattern(list(lark.terminals))
    ours = [(match.lastgroup, match.start(), match.end()) for match in pattern.finditer(text)]
    assert ours == [(token.type, token.start_pos, token.end_pos) for token in lark.lex(text)]


def test_a_lexeme_has_offsets_only() -> None:
    lexeme = Lexeme("WORD", 3, 5)
    assert (lexeme.type, lexeme.start, lexeme.end) == ("WORD", 3, 5)
    for name in ("line", "column", "end_line", "end_column", "start_pos", "end_pos"):
        assert getattr(lexeme, name) is None
