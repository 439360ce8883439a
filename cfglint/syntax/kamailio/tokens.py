"""The live tokens of a Kamailio configuration, and where each came from.

A token's offsets are always those of a file: a token that a macro brought has the offsets of the macro's use, and its
`home` tells the define, the place in the define's value, and the uses in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal, saturated
from cfglint.source import Place, Source, Span


class Definition(NamedTuple):
    """What a name was defined as; `place` is the name's, None for names that the server defines itself."""

    name: str
    value: str | None
    kind: str
    """The directive (``define``, ``redefine``, ``substdef``, ...), or ``predefined``, ``module``, ``argument``."""
    place: Place | None = None
    value_offsets: tuple[int, ...] | range | None = None
    """Where each character of the value stands in the file, when it stands there."""

    def part(self, start: int, end: int) -> Place | None:
        """The place of characters `start` to `end` of the value."""
        if self.place is None or not self.value_offsets:
            return self.place
        last = len(self.value_offsets) - 1
        first = self.value_offsets[min(start, last)]
        return Place(self.place.source, Span(first, self.value_offsets[min(max(end - 1, start), last)] + 1))


class Expansion(NamedTuple):
    """A token's way out of a define: where in its value the token stands, and which use of the name brought it."""

    definition: Definition
    start: int
    end: int
    outer: Expansion | None
    """The expansion in whose value the name was used; None when it was used in a file."""

    @property
    def place(self) -> Place | None:
        """Where the token stands in the define."""
        return self.definition.part(self.start, self.end)


class Home:
    """The file that a token belongs to, and how that came to be read."""

    __slots__ = ("chain", "expansion", "source")

    def __init__(self, source: Source, chain: tuple[Place, ...] = (), expansion: Expansion | None = None) -> None:
        self.source = source
        self.chain = chain
        """The include directives that led here, from the root on."""
        self.expansion = expansion
        """The define that the token comes from."""

    def __repr__(self) -> str:
        return f"Home({self.source.path!r}{', expanded' if self.expansion else ''})"


class Token(NamedTuple):
    """A live token: the terminal's name, its range of the file, its text as the parser gets it (after ``#!subst``)."""

    type: str
    start: int
    end: int
    text: str
    home: Home

    @property
    def place(self) -> Place:
        """Where it stands, or where the macro that brought it is used."""
        return Place(self.home.source, Span(self.start, self.end))


class Number(Token):
    """``10``, ``0x1f``, ``017`` (octal), ``101b``, ``yes``, ``off``, ``inet6``."""

    __slots__ = ()

    @property
    def value(self) -> int:
        """The number that the server makes of it (core/cfg.lex)."""
        return number(self.text)


class String(Token):
    """A string, or several that stand side by side and are joined."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """What the server makes of it, without quotes and escapes."""
        return unquoted(self.text)

    def part(self, start: int, end: int) -> Place:
        """Where characters `start` to `end` of the value stand; all of it where defines or substitutions made it."""
        offsets = value_offsets(self.text)
        return _within(self, offsets[start], offsets[end - 1] + 1 if end > start else offsets[start])


class Variable(Token):
    """A pseudo-variable outside a string; see `cfglint.syntax.kamailio.pv` for its parts."""

    __slots__ = ()

    def part(self, start: int, end: int) -> Place:
        """Where characters `start` to `end` stand; all of it where defines or substitutions made it."""
        return _within(self, start, end)


class Select(Token):
    """``@name.name[1]``."""

    __slots__ = ()


class Word(Token):
    """A name without quotes: a host, a method, a route, a flag; or an address made of several tokens."""

    __slots__ = ()


def _within(token: Token, start: int, end: int) -> Place:
    """A part of a token, if the file holds the token's very text."""
    if token.home.source.text[token.start : token.end] != token.text:
        return token.place
    return Place(token.home.source, Span(token.start + start, token.start + end))


LEAVES: dict[str, type[Token]] = {
    "NUMBER": Number,
    "STRING": String,
    "PV": Variable,
    "SELECT": Select,
    "WORD": Word,
    "IPV6": Word,
    "NUMBER_WORD": Word,
}
"""The class of a token that stands for itself in the tree; all others are plain tokens."""

_WORDS = {"inet": 2, "INET": 2, "ipv4": 2, "IPv4": 2, "IPV4": 2}
_WORDS.update(dict.fromkeys(("inet6", "INET6", "ipv6", "IPv6", "IPV6"), 10))
_WORDS.update(dict.fromkeys(("yes", "true", "on", "enable"), 1))
_WORDS.update(dict.fromkeys(("no", "false", "off", "disable"), 0))


def number(text: str) -> int:
    """The value of a NUMBER token: words are flags or address families, ``0x`` is hexadecimal, a leading zero octal, a
    trailing ``b`` binary."""
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith("-"):
        return -number(text[1:])
    if text.startswith("0x"):
        return saturated(int(text, 16))
    if text.endswith("b"):
        return saturated(int(text[:-1], 2))
    return saturated(int(text, 8)) if text.startswith("0") and len(text) > 1 else decimal(text) or 0


_ESCAPES = {"n": "\n", "r": "\r", "a": "\a", "t": "\t", '"': '"', "\\": "\\", "\n": ""}
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")


def unquoted(text: str) -> str:
    """The value of a STRING token (core/cfg.lex, STRING1, STRING2). A backslash only means something in double quotes
    and before ``n r a t " \\``, a newline, ``x`` and hexadecimal digits, or two or three octal digits."""
    if text.startswith("'") or ("\\" not in text and text.count('"') == 2):
        return text[1:-1]
    return "".join(value for value, _ in _pieces(text))


def value_offsets(text: str) -> Sequence[int]:
    """Where in a STRING token's text each character of its value stands, and in the end where its last quote does."""
    if text.startswith("'") or ("\\" not in text and text.count('"') == 2):
        return range(1, len(text))
    return [*(offset for value, at in _pieces(text) for offset in range(at, at + len(value))), len(text) - 1]


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """What the parts of a string in double quotes mean, each with its offset: escapes, and what stands between them."""
    at, inside = 0, False
    while at < len(text):
        begin, character = at, text[at]
        at += 1
        if character == '"':
            inside = not inside
        elif inside and character == "\\":
            value, length = _escape(text, at)
            yield value, begin
            at += length
        elif inside:
            at = min(end for end in (text.find('"', at), text.find("\\", at), len(text)) if end >= 0)
            yield text[begin:at], begin


def _escape(text: str, at: int) -> tuple[str, int]:
    """What a backslash before offset `at` makes, and how many characters behind it belong to it."""
    following = text[at : at + 1]
    if following in _ESCAPES:
        return _ESCAPES[following], 1
    if following == "x":
        digits = _run(text[at + 1 : at + 3], _HEX)
        return (chr(int(digits, 16)), 1 + len(digits)) if digits else ("\\", 0)
    digits = _run(text[at : at + 3], _OCTAL)
    return (chr(int(digits, 8) & 255), len(digits)) if len(digits) > 1 else ("\\", 0)


def _run(text: str, allowed: frozenset[str]) -> str:
    length = next((i for i, c in enumerate(text) if c not in allowed), len(text))
    return text[:length]
