"""One file of Asterisk's .conf language as a lossless sequence of nodes.

The nodes of a file cover its text without a gap, so it prints back byte for byte. A line that the server rejects or
ignores becomes a `Broken` node and parsing goes on; what the server does with the file then is decided where includes
are resolved, as it depends on who includes the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from sys import intern
from typing import Any

from cfglint.namedtuples import NamedTuple
from cfglint.source import Source, Span
from cfglint.syntax import tables
from cfglint.syntax.automaton import Automaton
from cfglint.syntax.automaton import Run as Parse
from cfglint.syntax.comments import BLANKS, MAX_LINE_BYTES, Live, Mark, live_part, too_long

NAME_BYTES = 79
"""A section's name is cut to so many bytes (``char name[80]`` of struct ast_category)."""


class Assignment(NamedTuple):
    """``key = value`` in one line; offsets count from the start of the line."""

    key: str
    operator: str
    value: str
    key_span: Span
    value_span: Span
    name: str
    """The key in lower case, as option names are compared."""


class Broken(NamedTuple):
    """A line that the server cannot use; `fault` is one of the constants of this module."""

    start: int
    end: int
    fault: str
    at: Span


NO_EQUALS = "no-equals"
NO_KEY = "no-key"
BAD_ESCAPE = "bad-escape"
NO_CLOSING_BRACKET = "no-closing-bracket"
NO_CLOSING_PAREN = "no-closing-paren"
TOO_LONG = "too-long"


class Run(NamedTuple):
    """Plain lines: blank, comments and assignments; split by `File.entries`."""

    start: int
    end: int


class Item(NamedTuple):
    """One item between the parentheses of a section's header, not stripped: the server does not either."""

    text: str
    span: Span


class Header(NamedTuple):
    """``[name](items)``. `items` is None without parentheses right behind the bracket."""

    start: int
    end: int
    name: str
    name_span: Span
    items: tuple[Item, ...] | None
    detached: Span | None
    """What stands between ``]`` and ``(`` and makes the server ignore all that follows; None where it is prose."""


class Directive(NamedTuple):
    """``#word argument``; the argument without its pair of quotes, None where there is none."""

    start: int
    end: int
    word: str
    word_span: Span
    argument: str | None
    argument_span: Span


class Single(NamedTuple):
    """A line that assigns and could not be read as part of a run."""

    start: int
    end: int
    assignment: Assignment


class Trivia(NamedTuple):
    """A line without live text: blank, or a comment."""

    start: int
    end: int


Node = Run | Header | Directive | Single | Trivia | Broken
Entry = tuple[int, "Assignment | Broken"]


class File:
    """The nodes of one file and the state of its block comments."""

    __slots__ = ("_long", "_memo", "depth", "marks", "nodes", "source")

    def __init__(self, source: Source, nodes: list[Node], depth: int, marks: list[Mark], long: bool) -> None:
        self.source = source
        self.nodes = nodes
        self.depth = depth
        """How many block comments are open at the end; negative behind a stray ``--;``."""
        self.marks = marks
        """Where block comments open and close; offsets in the file."""
        self._long = long
        self._memo: dict[str, Assignment | Broken | None] = {}

    def entries(self, run: Run) -> Iterator[Entry]:
        """Offset of the line and what it is, for each line of a run that is neither blank nor a comment.

        The offsets of a `Broken` count from the start of its line.
        """
        memo, start = self._memo, run.start
        for line in self.source.text[start : run.end - 1].split("\n"):
            entry = memo.get(line, memo)
            if entry is memo:
                entry = memo[line] = plain_line(line) if not self._long or not too_long(line) else _TOO_LONG
            if entry is not None:
                yield start, entry  # type: ignore[misc]
            start += len(line) + 1

    def forget_lines(self) -> None:
        """Give back the memory that `entries` made its work quicker with."""
        self._memo = {}


_TOO_LONG = Broken(0, 0, TOO_LONG, Span(0, 0))


def parse(source: Source, depth: int = 0, first: bool = True) -> File:
    """The nodes of a file.

    `depth` is the depth of block comments left open by the file before it, if both match one include pattern; `first`
    is false for all but the first of these files: only there a byte order mark is skipped.
    """
    text = source.text
    reader = _Reader(text, depth, first)
    nodes: list[Node] = []
    for lexeme in _parsed(reader):
        _BUILD[lexeme.terminal](reader, lexeme, nodes)
    return File(source, nodes, reader.depth, reader.marks, reader.long)


# ------------------------------------------------------------------------------------------------------------ lexing


class _Reader:
    """A file's text while it is read: what the lexer has to know beyond the text."""

    def __init__(self, text: str, depth: int, first: bool) -> None:
        self.text = text
        self.depth = self.initial = depth
        self.marks: list[Mark] = []
        self.begin = 1 if first and text.startswith("\ufeff") else 0
        self.forced = bool(depth) or (not first and text.startswith("\ufeff"))
        """The first line is a knot whatever it looks like: it lies in a comment, or begins with a mark that stays."""
        self.long = (len(text) >= _SHORT and "\n" not in text[:_SHORT]) or _LONG.search(text) is not None
        """Some line may have more bytes than the server reads."""


_SHORT = MAX_LINE_BYTES // 4
_LONG = re.compile(f"\n[^\n]{{{_SHORT}}}")


class _Lexeme(NamedTuple):
    """A token: the terminal's name and the half-open range of character offsets it covers."""

    terminal: str
    start: int
    end: int


def _lexemes(reader: _Reader) -> list[_Lexeme]:
    """The tokens of a text; a knot runs on to the line behind which no block comment is open."""
    text, match, offset, end = reader.text, _language().tokens.match, reader.begin, len(reader.text)
    found = []
    if reader.forced:
        stop = _knot_end(reader, offset)
        found.append(_Lexeme("KNOT", offset, stop))
        offset = stop
    while offset < end:
        token = match(text, offset)
        assert token is not None and token.lastgroup is not None  # a knot is any line
        kind, stop = token.lastgroup, token.end()
        if kind == "KNOT":
            stop = _knot_end(reader, offset)
        found.append(_Lexeme(kind, offset, stop))
        offset = stop
    return found


def _knot_end(reader: _Reader, offset: int) -> int:
    """Offset behind the first line from `offset` on that ends outside block comments; updates the reader's depth."""
    text, depth = reader.text, reader.depth
    while offset < len(text):
        stop = text.find("\n", offset)
        line = text[offset : stop if stop >= 0 else len(text)]
        if not too_long(line):
            _, depth, marks = live_part(line, depth)
            reader.marks += [Mark(offset + mark.offset, mark.depth) for mark in marks]
        offset = stop + 1 if stop >= 0 else len(text)
        if depth == 0:
            break
    reader.depth = depth
    return offset


class _Language(NamedTuple):
    """What the grammar comes to."""

    automaton: Automaton
    tokens: re.Pattern[str]
    plain: re.Pattern[str]
    """A line that assigns, without escapes: by far the most."""


@lru_cache(maxsize=1)
def _language() -> _Language:
    automaton, terminals = tables.automaton("asterisk")
    t = {terminal.name: terminal.pattern for terminal in terminals}
    tokens = sorted((terminal for terminal in terminals if terminal.name in _BUILD), key=lambda token: -token.priority)
    return _Language(
        automaton,
        re.compile("|".join(f"(?P<{token.name}>{token.pattern})" for token in tokens)),
        re.compile(
            f"(?:{t['INDENT']})?(?P<KEY>{t['KEY']})(?P<OPERATOR>{t['OPERATOR']})(?P<VALUE>{t['VALUE']})?"
            f"(?:{t['INDENT']})?(?:;.*)?\\Z",
            re.DOTALL,
        ),
    )


def _parsed(reader: _Reader) -> list[_Lexeme]:
    """The lexemes, as the grammar wants them: any of its three kinds, in any order, so that no file is refused."""
    automaton, lexemes = _language().automaton, _lexemes(reader)
    parse = Parse(automaton, automaton.actions(_Builder()))
    taken = parse.feed(lexemes, 0)
    assert taken == len(lexemes) and parse.finish()
    found: list[_Lexeme] = parse.result
    return found


class _Builder:
    """A file is the list of its lexemes, which `parse` turns into nodes."""

    def nothing(self, c: list[Any]) -> list[_Lexeme]:
        return []

    def more(self, c: list[Any]) -> list[_Lexeme]:
        lexemes: list[_Lexeme] = c[0]
        lexemes.append(c[1])
        return lexemes


# ----------------------------------------------------------------------------------------------------------- building


def _run(reader: _Reader, lexeme: _Lexeme, nodes: list[Node]) -> None:
    """Headers one by one, and the lines between them."""
    text, (_, begin, end) = reader.text, lexeme
    done = begin
    first = _BRACKET.match(text, begin, end)
    starts = [begin] if first is not None else []
    starts += [found.start() + 1 for found in _NEXT_BRACKET.finditer(text, begin, end)]
    for start in starts:
        if start > done:
            nodes.append(Run(done, start))
        done = text.index("\n", start) + 1
        _append(text[start : done - 1], 0, start, done, nodes)
    if done < end:
        nodes.append(Run(done, end))


_BRACKET = re.compile(r"[\x01-\x09\x0b-\x20]*\[")
_NEXT_BRACKET = re.compile(r"\n[\x01-\x09\x0b-\x20]*\[")


def _line(reader: _Reader, lexeme: _Lexeme, nodes: list[Node]) -> None:
    """A directive in a line of its own."""
    _append(reader.text[lexeme.start : lexeme.end - 1], 0, lexeme.start, lexeme.end, nodes)


def _knot(reader: _Reader, lexeme: _Lexeme, nodes: list[Node]) -> None:
    """The lines of a knot, one by one."""
    text, offset = reader.text, lexeme.start
    depth = reader.initial if offset == reader.begin else 0
    while offset < lexeme.end:
        stop = text.find("\n", offset)
        end = stop + 1 if stop >= 0 else len(text)
        depth = _append(text[offset : stop if stop >= 0 else end], depth, offset, end, nodes)
        offset = end


_BUILD: dict[str, Callable[[_Reader, _Lexeme, list[Node]], None]] = {
    "RUN": _run,
    "DIRECTIVE": _line,
    "KNOT": _knot,
}


def _append(line: str, depth: int, start: int, end: int, nodes: list[Node]) -> int:
    """Add the node of one physical line; returns the depth of block comments behind it."""
    if too_long(line):
        nodes.append(Broken(start, end, TOO_LONG, Span(start, start + len(line))))
        return depth
    live, depth, _ = live_part(line, depth)
    if live is None:
        nodes.append(Trivia(start, end))
    elif live.text[0] == "[":
        nodes.append(_header(live, start, end))
    elif live.text[0] == "#":
        nodes.append(_directive(live, start, end))
    else:
        entry = _assignment(live)
        if isinstance(entry, Assignment):
            nodes.append(Single(start, end, entry))
        else:
            nodes.append(Broken(start, end, entry.fault, Span(entry.at.start + start, entry.at.end + start)))
    return depth


def _span(live: Live, start: int, end: int, base: int = 0) -> Span:
    """The range of the file (with `base` 0: of the line) that live characters `start` to `end` come from."""
    if type(live.offsets) is range:  # nothing was taken out
        first = base + live.offsets.start
        return Span(first + start, first + end)
    if start < end:
        return Span(base + live.offsets[start], base + live.offsets[end - 1] + 1)
    at = base + (live.offsets[start] if start < len(live.offsets) else live.offsets[-1] + 1)
    return Span(at, at)


def _header(live: Live, start: int, end: int) -> Header | Broken:
    """A section's header (main/config.c:process_text_line): the name ends at the first ``]``, the items at the first
    ``)``, and only a parenthesis right behind the bracket counts."""
    text = live.text
    close = text.find("]")
    if close < 0:
        return Broken(start, end, NO_CLOSING_BRACKET, _span(live, 0, len(text), start))
    name, name_span = _cut(text[1:close]), _span(live, 1, close, start)
    if text[close + 1 : close + 2] != "(":
        gap, paren, _ = text[close + 1 :].partition("(")
        slip = paren and (not any(map(str.isalnum, gap)) or not any(map(str.isspace, gap)))
        detached = _span(live, close + 1, close + 1 + len(gap), start) if slip else None
        return Header(start, end, name, name_span, None, detached)
    stop = text.find(")", close)
    if stop < 0:
        return Broken(start, end, NO_CLOSING_PAREN, _span(live, close + 1, len(text), start))
    items, at = [], close + 2
    for item in text[at:stop].split(","):
        items.append(Item(item, _span(live, at, at + len(item), start)))
        at += len(item) + 1
    return Header(start, end, name, name_span, tuple(items), None)


def _cut(name: str) -> str:
    if len(name) <= NAME_BYTES // 4:
        return name
    data = name.encode("utf-8", "surrogateescape")
    return name if len(data) <= NAME_BYTES else data[:NAME_BYTES].decode("utf-8", "surrogateescape")


def _directive(live: Live, start: int, end: int) -> Directive:
    text = live.text
    word = next((i for i, c in enumerate(text) if c <= " "), len(text))
    argument = text[word:].lstrip(BLANKS)
    first, last = len(text) - len(argument), len(text)
    if len(argument) > 1 and argument[0] + argument[-1] in ('""', "<>"):
        first, last = first + 1, last - 1
    return Directive(
        start,
        end,
        text[1:word],
        _span(live, 0, word, start),
        text[first:last] if argument else None,
        _span(live, first, last, start),
    )


def plain_line(line: str) -> Assignment | Broken | None:
    """What a plain line (outside block comments, without its newline) says; offsets count from its start."""
    found = _language().plain.match(line)
    if found is not None:
        key, operator, value = found.groups()
        key = intern(key)
        if value is None:
            at = found.start(2) + len(operator.rstrip(BLANKS))
            value, value_span = "", (at, at)
        else:
            value_span = found.span(3)
        return tuple.__new__(  # as Assignment(...), at half the price: there are hundreds of thousands
            Assignment,
            (
                key,
                operator.strip(BLANKS),
                value,
                _shared(found.span(1)),
                _shared(value_span),
                key if key.islower() else intern(key.lower()),
            ),
        )
    live, _, _ = live_part(line, 0)
    return _assignment(live) if live is not None else None


def _shared(span: tuple[int, int]) -> Span:
    """One object for all equal spans in lines: most lines of a file look alike."""
    found = _SPANS.get(span)
    if found is None:
        found = _SPANS[span] = Span(*span)
    return found


_SPANS: dict[tuple[int, int], Span] = {}


def _assignment(live: Live) -> Assignment | Broken:
    """``key = value`` as main/config.c:process_text_line splits it: at the first equals sign."""
    text = live.text
    begin = 0
    if text[0] == "\\":
        begin = 1
        # The server compares a char, which is signed on most machines, with 33.
        if len(text) < 2 or not "!" <= text[1] <= "\x7f":
            return Broken(0, 0, BAD_ESCAPE, _span(live, 0, min(2, len(text))))
    at = text.find("=", 2 * begin)
    if at < 0:
        return Broken(0, 0, NO_EQUALS, _span(live, 0, len(text)))
    if at > 2 * begin and text[at - 1] == "+":
        key_end, operator, first = at - 1, "+=", at + 1
    elif text[at + 1 : at + 2] == ">":
        key_end, operator, first = at, "=>", at + 2
    else:
        key_end, operator, first = at, "=", at + 1
    raw_key, raw_value = text[begin:key_end], text[first:]
    key, value = raw_key.strip(BLANKS), raw_value.strip(BLANKS)
    if not key:
        return Broken(0, 0, NO_KEY, _span(live, 0, len(text)))
    begin += len(raw_key) - len(raw_key.lstrip(BLANKS))
    first += len(raw_value) - len(raw_value.lstrip(BLANKS))
    return Assignment(
        key,
        operator,
        value,
        _span(live, begin, begin + len(key)),
        _span(live, first, first + len(value)),
        key.lower(),
    )
