"""POSIX regular expressions, basic and extended, matched in time that grows only with text and pattern.

Kamailio takes regcomp(3) for ``=~`` and for patterns in tables and files. Python's own expressions differ in syntax,
and some patterns would keep them busy for ever; here a pattern becomes a graph of states that are followed together.
Back references, which no such graph can follow, make a pattern `Untold`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal

MAX_STATES = 20_000
"""A pattern with more states (``x{255}{255}``) is not followed."""


class BadPattern(Exception):
    """A pattern that regcomp(3) refuses."""


class Untold(Exception):
    """A pattern that cfglint does not follow."""


Test = Callable[[str], bool]


class _State(NamedTuple):
    """What a state takes: a character that passes `test`, or nothing (`jump`), or nothing at an end of the text."""

    kind: str
    test: Test | None
    targets: list[int]


@lru_cache(maxsize=512)
def compiled(pattern: str, *, basic: bool = False, ignore_case: bool = False, lines: bool = False) -> Pattern:
    """The pattern of a text; with `lines` its ends are those of lines (REG_NEWLINE); raises `BadPattern`, `Untold`."""
    return Pattern(pattern, basic, ignore_case, lines)


class Pattern:
    """A compiled expression."""

    def __init__(self, text: str, basic: bool, ignore_case: bool, lines: bool) -> None:
        self._text, self._basic, self._fold, self._lines = text, basic, ignore_case, lines
        self._at = 0
        self._depth = 0
        self._states: list[_State] = []
        end = self._add("end")
        self._start = self._alternatives(end)
        if self._at < len(text):
            raise BadPattern(f"unmatched {text[self._at]}")

    def search(self, text: str) -> bool:
        """Does the expression match anywhere in the text? (regexec(3))"""
        text = text.partition("\0")[0]
        current: set[int] = set()
        for position in range(len(text) + 1):
            self._reach(current, self._start, position, text)
            if 0 in current:
                return True
            if position == len(text):
                break
            character = text[position]
            following: set[int] = set()
            for number in current:
                state = self._states[number]
                if state.test is not None and state.test(character):
                    for target in state.targets:
                        self._reach(following, target, position + 1, text)
            current = following
        return False

    def _reach(self, found: set[int], start: int, position: int, text: str) -> None:
        begins = position == 0 or (self._lines and text[position - 1] == "\n")
        ends = position == len(text) or (self._lines and text[position] == "\n")
        waiting = [start]
        while waiting:
            number = waiting.pop()
            if number in found:
                continue
            state = self._states[number]
            if (state.kind == "begin" and not begins) or (state.kind == "finish" and not ends):
                continue
            found.add(number)
            if state.test is None:
                waiting += state.targets

    # Each of the following reads a part of the pattern; its states are made with the state that comes behind it, so the
    # parts of a sequence are read first and joined from the last to the first.

    def _alternatives(self, following: int) -> int:
        starts = [self._sequence(following)]
        while self._takes("|", "\\|"):
            starts.append(self._sequence(following))
        return starts[0] if len(starts) == 1 else self._add("jump", None, starts)

    def _sequence(self, following: int) -> int:
        parts: list[Callable[[int], int]] = []
        while self._at < len(self._text) and not self._ends_sequence():
            anchored = self._text[self._at] == "^" and not parts
            part = self._part(first=not parts)
            if anchored and self._basic:  # nothing to repeat yet: * and its like stand for themselves
                parts += [part, self._literal_repeater()]
            else:
                parts.append(self._repeated(part))
        for part in reversed(parts):
            following = part(following)
        return following

    def _literal_repeater(self) -> Callable[[int], int]:
        for word in ("*", "\\+", "\\?"):
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return self._repeated(self._literal(word[-1]))
        return lambda following: following

    def _ends_sequence(self) -> bool:
        if self._basic:
            return self._text.startswith(("\\|", "\\)"), self._at)
        return self._text[self._at] == "|" or (self._text[self._at] == ")" and self._depth > 0)

    def _takes(self, extended: str, basic: str) -> bool:
        word = basic if self._basic else extended
        if self._text.startswith(word, self._at):
            self._at += len(word)
            return True
        return False

    def _part(self, first: bool) -> Callable[[int], int]:
        text, at = self._text, self._at
        if self._takes("(", "\\("):
            return self._group()
        self._at += 1
        character = text[at]
        if character == "\\":
            if self._basic and first and text.startswith("{", self._at):
                raise BadPattern("nothing to repeat before \\{")
            return self._escape()
        if character == "[":
            return self._character(self._set())
        if character == ".":
            return self._character((lambda c: c != "\n") if self._lines else lambda _: True)
        if character == "^" and (first or not self._basic):
            return self._anchor("begin")
        if character == "$" and (not self._basic or self._at == len(text) or text[self._at : self._at + 2] in _CLOSERS):
            return self._anchor("finish")
        if not self._basic and character in "*+?{":
            raise BadPattern(f"nothing to repeat before {character}")
        return self._literal(character)

    def _anchor(self, kind: str) -> Callable[[int], int]:
        following = self._text[self._at : self._at + 1]
        if not self._basic and following and following in "*+?{":
            raise BadPattern(f"nothing to repeat before {following}")
        return lambda following: self._add(kind, None, [following])

    def _group(self) -> Callable[[int], int]:
        begin = self._at
        self._depth += 1
        if self._depth > 100:
            raise Untold("groups nest too deeply")
        self._alternatives(self._add("jump", None, []))  # only to find the end
        if not self._takes(")", "\\)"):
            raise BadPattern("unmatched (")
        self._depth -= 1

        def make(following: int) -> int:
            behind, self._at, self._depth = self._at, begin, self._depth + 1
            start = self._alternatives(following)
            self._at, self._depth = behind, self._depth - 1
            return start

        return make

    def _escape(self) -> Callable[[int], int]:
        if self._at >= len(self._text):
            raise BadPattern("trailing backslash")
        character = self._text[self._at]
        self._at += 1
        if character.isdigit() and character != "0":
            raise Untold("back reference")
        word = _is_word
        tests: dict[str, Test] = {
            "w": word,
            "W": lambda c: not word(c),
            "s": str.isspace,
            "S": lambda c: not c.isspace(),
        }
        if character in tests:  # glibc's own
            return self._character(tests[character])
        if character in "bB<>`'":
            raise Untold(f"\\{character}")
        return self._literal(character)

    def _literal(self, character: str) -> Callable[[int], int]:
        if self._fold:
            folded = character.lower()
            return self._character(lambda c: c.lower() == folded)
        return self._character(lambda c: c == character)

    def _character(self, test: Test) -> Callable[[int], int]:
        return lambda following: self._add("character", test, [following])

    def _set(self) -> Test:
        text = self._text
        negated = text.startswith("^", self._at)
        self._at += negated
        first = self._at
        tests: list[Test] = []
        while True:
            if self._at >= len(text):
                raise BadPattern("unmatched [")
            if text[self._at] == "]" and self._at > first:
                self._at += 1
                break
            tests.append(self._member())
        fold = self._fold

        def test(character: str) -> bool:
            cases = (character, character.lower(), character.upper()) if fold else (character,)
            return any(member(c) for member in tests for c in cases) != negated

        return test

    def _member(self) -> Test:
        text = self._text
        if text.startswith(("[.", "[="), self._at):
            raise Untold("collating element")
        if text.startswith("[:", self._at):
            end = text.find(":]", self._at)
            name = text[self._at + 2 : end]
            if end < 0 or name not in _CLASSES:
                raise BadPattern("bad character class")
            self._at = end + 2
            return _CLASSES[name]
        low = text[self._at]
        self._at += 1
        if text.startswith("-", self._at) and text[self._at + 1 : self._at + 2] not in ("", "]"):
            high = text[self._at + 1]
            self._at += 2
            if high < low:
                raise BadPattern("bad range")
            return lambda c: low <= c <= high
        return lambda c: c == low

    def _repeated(self, part: Callable[[int], int]) -> Callable[[int], int]:
        repeated = False
        while True:
            at = self._at
            bounds = self._bounds()
            if bounds is None:
                return part
            if repeated and self._basic and self._text.startswith("**", at - 1):
                raise BadPattern("two stars")
            part = self._times(part, *bounds)
            repeated = True

    def _bounds(self) -> tuple[int, int | None] | None:
        """The repetition that stands here: how often at least and at most."""
        if self._takes("*", "*"):
            return 0, None
        if self._takes("+", "\\+"):
            return 1, None
        if self._takes("?", "\\?"):
            return 0, 1
        if not self._takes("{", "\\{"):
            return None
        end = self._text.find("\\}" if self._basic else "}", self._at)
        low, comma, high = self._text[self._at : end].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()):
            raise BadPattern("bad interval")
        self._at = end + (2 if self._basic else 1)
        least = decimal(low)
        most = decimal(high) if high else (None if comma else least)
        if least is None or least > 32767 or (most is not None and (most > 32767 or most < least)):
            raise BadPattern("bad interval")
        return least, most

    def _times(self, part: Callable[[int], int], least: int, most: int | None) -> Callable[[int], int]:
        def make(following: int) -> int:
            if most is None:
                loop = self._add("jump", None, [following])
                self._states[loop].targets.insert(0, part(loop))
                following = loop
            else:
                for _ in range(most - least):
                    following = self._add("jump", None, [part(following), following])
            for _ in range(least):
                following = part(following)
            return following

        return make

    def _add(self, kind: str, test: Test | None = None, targets: list[int] | None = None) -> int:
        if len(self._states) >= MAX_STATES:
            raise Untold("too large")
        self._states.append(_State(kind, test, targets or []))
        return len(self._states) - 1


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


_CLOSERS = ("\\)", "\\|")
_CLASSES: dict[str, Test] = {
    "alpha": str.isalpha,
    "digit": lambda c: c in "0123456789",
    "alnum": str.isalnum,
    "upper": str.isupper,
    "lower": str.islower,
    "space": str.isspace,
    "blank": lambda c: c in " \t",
    "punct": lambda c: c.isascii() and c.isprintable() and not c.isalnum() and c != " ",
    "print": str.isprintable,
    "graph": lambda c: c.isprintable() and c != " ",
    "cntrl": lambda c: ord(c) < 32 or ord(c) == 127,
    "xdigit": lambda c: c in "0123456789abcdefABCDEF",
}
