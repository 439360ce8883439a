"""Expands defined names: the server pushes a define's value back and reads it together with what follows.

So a value may hold several statements, half a string, or the beginning of a comment; its last token may reach into the
text behind the use of the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.problems import ABORTS
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.tokens import LEAVES, Definition, Expansion, Home, String, Token

if TYPE_CHECKING:
    from cfglint.resolve.kamailio.reader import Reader

MAX_EXPANSIONS = 10_000
"""So many names are expanded for one use of a name."""
MAX_BROUGHT = 200_000
"""So many tokens are taken out of defines in all."""

_WINDOW = 256
"""So much of the text behind a use is looked at first; more when a token reaches its end."""


class Frame(NamedTuple):
    """A define whose value is being read. Offsets in the line count from its end, as its beginning changes."""

    definition: Definition
    limit: int
    """How much of the line is left where the value ends."""
    top: int
    """How much of the line was left where the value began."""
    outer: Expansion | None

    def part(self, left: int, right: int) -> Expansion:
        """The stretch of the value between two numbers of characters left."""
        return Expansion(self.definition, self.top - left, self.top - right, self.outer)


def expand(reader: Reader, word: str, text: str, start: int, end: int, home: Home) -> int:
    """Take the tokens that a defined name, used from `start` to `end`, stands for; returns where to go on."""
    reader.names.consult(word)
    definition = reader.names.defines[word]
    if not definition.value:
        return end
    return _Line(reader, definition, text, start, end, home).read()


class _Line:
    """The value of a define, what was expanded in it, and a window of the text behind the use."""

    def __init__(self, reader: Reader, definition: Definition, text: str, start: int, end: int, home: Home) -> None:
        self.reader = reader
        self.text, self.start, self.end, self.home = text, start, end, home
        self.width = _WINDOW
        self.tail = text[end : end + _WINDOW]
        self.line = (definition.value or "") + self.tail
        self.at = 0
        self.count = 0
        self.frames = [Frame(definition, len(self.tail), len(self.line), None)]

    def read(self) -> int:
        """All tokens that begin in a value."""
        token = self.reader.lexer.token
        while True:
            rest = len(self.line) - self.at
            while self.frames and rest <= self.frames[-1].limit:
                self.frames.pop()
            if not self.frames:
                break
            match = token.match(self.line, self.at)
            assert match is not None and match.lastgroup is not None
            kind = match.lastgroup
            begin, stop = match.span(kind)
            if stop >= len(self.line) - 1 and self.end + len(self.tail) < len(self.text):
                self._widen()
            elif len(self.line) - begin <= len(self.tail):  # the next token lies behind the value
                trivia = self.reader.lexer.trivia.match(self.line, self.at)
                self.at = max(len(self.line) - len(self.tail), trivia.end() if trivia is not None else 0)
                break
            elif kind not in ("WORD", "LABEL") or not self._nested(begin, stop):
                self._take(kind, begin, stop)
        return self.end + max(0, self.at - (len(self.line) - len(self.tail)))

    def _widen(self) -> None:
        self.width *= 16
        more = self.text[self.end + len(self.tail) : self.end + self.width]
        self.line, self.tail = self.line + more, self.tail + more
        by = len(more)
        self.frames = [f._replace(limit=f.limit + by, top=f.top + by) for f in self.frames]

    def _nested(self, begin: int, stop: int) -> bool:
        """Expand a name in a value; false when it is none."""
        reader, line = self.reader, self.line
        name = line[begin:stop]
        found = reader.names.defines.get(name) if name not in reader.words else None
        if found is None:
            return False
        reader.names.consult(name)
        self.count += 1
        reader.brought += 1
        if any(frame.definition.name == name for frame in self.frames):
            self._give_up(kinds.EXPANSION_LOOP, name)
            self.at = stop
        elif self.count > MAX_EXPANSIONS or reader.brought > MAX_BROUGHT:
            self._give_up(kinds.EXPANSION_TOO_LARGE, name)
            self.at = len(line) - len(self.tail)
        elif not found.value:
            self.at = stop
        else:
            outer = self.frames[-1].part(len(line) - begin, len(line) - stop)
            self.line = found.value + line[stop:]
            self.frames.append(Frame(found, len(line) - stop, len(self.line), outer))
            self.at = 0
        return True

    def _give_up(self, kind: str, name: str) -> None:
        problems = self.reader.log.problems
        if not any(p.kind == kind and p.detail == name for p in problems[-20:]):
            self.reader.log.add(kind, Place(self.home.source, Span(self.start, self.end)), ABORTS, name)

    def _take(self, kind: str, begin: int, stop: int) -> None:
        """One token out of a value."""
        reader, line = self.reader, self.line
        tokens, problems = reader.tokens, reader.log.problems
        first, known = len(tokens), len(problems)
        left = len(line) - begin
        expansion = self.frames[-1].part(left, max(len(line) - stop, self.frames[-1].limit))
        home = Home(self.home.source, self.home.chain, expansion)
        reader.brought += 1
        after = stop
        if kind in ("WORD", "LABEL"):
            word = line[begin:stop]
            kind = reader.words.get(word, "WORD")
            tokens.append(LEAVES.get(kind, Token)(kind, begin, stop, word, home))
        elif kind == "PUNCTUATION":
            tokens.append(Token(reader.lexer.punctuation[line[begin]], begin, stop, line[begin], home))
        elif kind == "STRING":
            text = reader.substituted_string(line[begin:stop])
            tokens.append(String("STRING", begin, stop, text, home))
        elif kind == "DIRECTIVE":  # a directive in a value is never carried out in practice: a comment
            after = line.find("\n", begin)
            after = after if after >= 0 else len(line)
        else:
            after = max(stop, reader.other(kind, line, begin, stop, home))
        self.at = after
        reach = self.end + max(0, after - (len(line) - len(self.tail)))
        for index in range(first, len(tokens)):
            tokens[index] = tokens[index]._replace(start=self.start, end=reach)
        place = Place(self.home.source, Span(self.start, self.end))
        problems[known:] = [problem._replace(place=place) for problem in problems[known:]]
        if first and len(tokens) > first and tokens[first - 1].type == "LOADMODULE":
            reader.names.loaded(String(*tokens[first]))
