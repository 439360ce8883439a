"""The lexer of Kamailio's language, made of the grammar's terminals.

All terminals but the reserved words become one regular expression, with what lies between tokens as its prefix;
reserved words are looked up by version. It matches everywhere: a character that begins no token is a DROPPED one, as
the server drops it (flex's default rule), and FINISH is what follows the last token.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cfglint.namedtuples import NamedTuple
from cfglint.syntax import tables
from cfglint.syntax.automaton import Automaton
from cfglint.syntax.kamailio.words import WORDS, Version, reserved

_RESERVED_WORDS = re.compile(r"\|?\(\?:([A-Za-z0-9_|]+)\)\(\?!\[A-Za-z0-9_\]\)\Z")
_SKIPPED = ("BLANKS", "JOINT", "COMMENT")
_OUTSIDE = ("DEFINE_NAME", "DEAD_DIRECTIVE", "EVENT", "FILE_NAME", "PARENTHESIS", "TRAILING", "VALUE")


class Lexer(NamedTuple):
    """What text is taken apart with."""

    token: re.Pattern[str]
    """A token with what lies before it; ``lastgroup`` is its terminal, PUNCTUATION, or LABEL (a word with a colon)."""
    trivia: re.Pattern[str]
    """What lies between tokens; matches the empty string."""
    comment: re.Pattern[str]
    """The beginning or the end of a block comment: they nest."""
    punctuation: dict[str, str]
    """Terminals that are one character."""
    words: dict[str, str]
    """The terminals of all words that are reserved in some version."""
    patterns: dict[str, re.Pattern[str]]
    """Terminals that are used one by one."""


@lru_cache(maxsize=1)
def _language() -> tuple[Automaton, Lexer]:
    automaton, terminals = tables.automaton("kamailio")
    words: dict[str, str] = {}
    punctuation: dict[str, str] = {}
    patterns: dict[str, str] = {}
    others: list[tuple[int, int, str, str]] = []
    for name, priority, pattern in terminals:
        found = _RESERVED_WORDS.search(pattern) if name not in _OUTSIDE else None
        if found is not None and priority == 2:
            words.update(dict.fromkeys(found[1].split("|"), name))
            pattern = pattern[: found.start()]
            if not pattern:
                continue
        literal = pattern.removeprefix("\\")
        if name in _SKIPPED or name in _OUTSIDE:
            patterns[name] = pattern
        elif len(literal) == 1:
            punctuation[literal] = name
        elif name != "WORD":
            others.append((-priority, -len(pattern), name, pattern))
        else:
            patterns[name] = pattern
    blanks = f"(?:{patterns['BLANKS']})?"
    trivia = f"{blanks}(?:(?:{patterns['JOINT']}|{patterns['COMMENT']}){blanks})*"
    word = patterns["WORD"]
    groups = [f"(?P<WORD>{word}(?![A-Za-z0-9_:]))"]
    groups += [f"(?P<{name}>{pattern})" for rank, _, name, pattern in sorted(others) if rank <= 1]
    groups += [f"(?P<LABEL>{word})", f"(?P<PUNCTUATION>[{re.escape(''.join(punctuation))}])"]
    groups += ["(?P<FINISH>\\Z)", *(f"(?P<{name}>{pattern})" for rank, _, name, pattern in sorted(others) if rank > 1)]
    return automaton, Lexer(
        re.compile(f"{trivia}(?:{'|'.join(groups)})"),
        re.compile(trivia),
        re.compile(r"/\*|\*/"),
        punctuation,
        words,
        {name: re.compile(patterns[name]) for name in _OUTSIDE},
    )


def automaton() -> Automaton:
    """The parser's tables."""
    return _language()[0]


def lexer() -> Lexer:
    """The lexer of all versions."""
    return _language()[1]


@lru_cache(maxsize=8)
def reserved_words(version: Version) -> dict[str, str]:
    """The terminal of each word that is reserved in a version."""
    return {word: kind for word, kind in lexer().words.items() if word not in WORDS or reserved(word, version)}


def comment_end(text: str, start: int) -> int:
    """Offset behind the block comment that begins at `start`, with those inside it; -1 when it is not closed."""
    depth = 0
    for match in lexer().comment.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if not depth:
            return match.end()
    return -1
