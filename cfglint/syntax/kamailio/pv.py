"""Pseudo-variables: their parts, and where they stand in a string.

In the text of a configuration the lexer has found their ends; in a string they are found as core/pvapi.c:pv_locate_name
does. Offsets count from the start of the text that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cfglint.namedtuples import NamedTuple
from cfglint.syntax import tables
from cfglint.syntax.automaton import Automaton, Run


class Transformation(NamedTuple):
    """``{class.function,parameter,...}``; `name` is ``class.function``."""

    start: int
    end: int
    name: str
    parameters: tuple[str, ...]

    @property
    def group(self) -> str:
        """The class, in front of the dot."""
        return self.name.partition(".")[0]

    @property
    def function(self) -> str:
        """The function, behind the dot."""
        return self.name.partition(".")[2]


class PseudoVariable(NamedTuple):
    """A pseudo-variable: its class, what stands in parentheses and in brackets behind it (None where there are none),
    its transformations, and the pseudo-variables inside of it."""

    start: int
    end: int
    name: str
    inner: str | None
    subscript: str | None
    transformations: tuple[Transformation, ...]
    nested: tuple[PseudoVariable, ...]

    def shifted(self, by: int) -> PseudoVariable:
        """The same, further on in a text."""
        return self._replace(
            start=self.start + by,
            end=self.end + by,
            transformations=tuple(t._replace(start=t.start + by, end=t.end + by) for t in self.transformations),
            nested=tuple(variable.shifted(by) for variable in self.nested),
        )


class BadVariable(NamedTuple):
    """Text that begins like a pseudo-variable and is none; `at` is where it goes wrong."""

    start: int
    end: int
    at: int


@lru_cache(maxsize=1 << 15)  # more than a file of a megabyte has; every check asks again
def parse_variable(text: str) -> PseudoVariable | BadVariable:
    """The pseudo-variable that a text as a whole is."""
    automaton, pattern = _language()
    if text in ("$?", "$rc", "$retcode"):
        return PseudoVariable(0, len(text), text[1:], None, None, (), ())
    tokens = [(m.lastgroup or "", m.start(), m.end(), text) for m in pattern.finditer(text)]
    run = Run(automaton, automaton.actions(_Builder()))
    reached = run.feed(tokens, 0)
    if reached < len(tokens) or not run.finish():
        return BadVariable(0, len(text), tokens[reached][1] if reached < len(tokens) else len(text))
    found: PseudoVariable = run.result
    return found


def variables(text: str) -> Iterator[PseudoVariable | BadVariable]:
    """The pseudo-variables in a string's value, in order (core/pvapi.c:pv_parse_format); ``$$`` is a dollar sign."""
    at = text.find("$")
    while at >= 0:
        end = _end(text, at)
        if text[at:end] != "$$":
            found = parse_variable(text[at:end])
            yield found.shifted(at) if isinstance(found, PseudoVariable) else BadVariable(at, end, at + found.at)
        at = text.find("$", max(end, at + 1))


def _end(text: str, at: int) -> int:
    """Where the pseudo-variable that begins at `at` ends; parentheses are counted whatever they mean."""
    if text[at + 1 : at + 2] == "$":
        return at + 2
    name = _NAME.match(text, at + 1)
    end = name.end() if name is not None else at + 1
    if text[end : end + 1] != "(":
        return end
    depth = 0
    for match in _PARENTHESES.finditer(text, end):
        depth += 1 if match[0] == "(" else -1
        if not depth:
            return match.end()
    return len(text)


_NAME = re.compile(r"[A-Za-z0-9_.?]*")
_PARENTHESES = re.compile(r"[()]")


@lru_cache(maxsize=1)
def _language() -> tuple[Automaton, re.Pattern[str]]:
    automaton, terminals = tables.automaton("kamailio_pv")
    ordered = sorted(terminals, key=lambda t: -t.priority)
    return automaton, re.compile("|".join(f"(?P<{t.name}>{t.pattern})" for t in ordered))


class _Text(NamedTuple):
    """A stretch of text and the pseudo-variables in it."""

    start: int
    end: int
    nested: tuple[PseudoVariable, ...]


class _Builder:
    """Turns tokens into the parts of a pseudo-variable; a token is (terminal, start, end, whole text)."""

    def plain(self, c: list[Any]) -> PseudoVariable:
        inner = c[3] if len(c) > 2 else None
        return _variable(c, inner, None, ())

    def wrapped(self, c: list[Any]) -> PseudoVariable:
        inner = c[3] if not isinstance(c[2], _Tail) and c[2][0] == "LPAREN" else None
        tail = c[-2] if isinstance(c[-2], _Tail) else _Tail(None, ())
        return _variable(c, inner, tail.subscript, tail.transformations)

    def marker(self, c: list[Any]) -> PseudoVariable:
        return PseudoVariable(c[0][1], c[-1][2], "$", None, None, (), ())

    def with_index(self, c: list[Any]) -> _Tail:
        return _Tail(c[0], ())

    def with_transformations(self, c: list[Any]) -> _Tail:
        return _Tail(None, tuple(c[0]))

    def with_both(self, c: list[Any]) -> _Tail:
        return _Tail(c[0], tuple(c[1]))

    def index(self, c: list[Any]) -> _Text:
        return c[1]  # type: ignore[no-any-return]

    def first(self, c: list[Any]) -> list[Any]:
        return c

    def more(self, c: list[Any]) -> list[Any]:
        return [*c[0], c[1]]

    def transformation(self, c: list[Any]) -> tuple[Transformation, tuple[PseudoVariable, ...]]:
        whole = c[1][3]
        texts = c[3] if len(c) > 3 else []
        found = Transformation(
            c[0][1], c[-1][2], whole[c[1][1] : c[1][2]], tuple(whole[t.start : t.end] for t in _placed(texts, c))
        )
        return found, tuple(v for t in texts if t is not None for v in t.nested)

    def parameter_first(self, c: list[Any]) -> list[_Text | None]:
        return c

    def parameter_more(self, c: list[Any]) -> list[_Text | None]:
        return [*c[0], c[2]]

    def empty(self, c: list[Any]) -> None:
        return None

    def only_part(self, c: list[Any]) -> _Text:
        return _text(c[0])

    def part(self, c: list[Any]) -> _Text:
        last = _text(c[1])
        return last if c[0] is None else _Text(c[0].start, last.end, (*c[0].nested, *last.nested))

    def nothing(self, c: list[Any]) -> _Text:
        return _Text(c[0][1], c[1][2], ())

    def group(self, c: list[Any]) -> _Text:
        return _Text(c[0][1], c[2][2], c[1].nested)


class _Tail(NamedTuple):
    """Index and transformations of a pseudo-variable."""

    subscript: _Text | None
    transformations: tuple[tuple[Transformation, tuple[PseudoVariable, ...]], ...]


def _text(part: Any) -> _Text:
    if isinstance(part, _Text):
        return part
    if isinstance(part, PseudoVariable):
        return _Text(part.start, part.end, (part,))
    return _Text(part[1], part[2], ())


def _placed(texts: list[_Text | None], c: list[Any]) -> list[_Text]:
    return [text if text is not None else _Text(c[0][1], c[0][1], ()) for text in texts]


def _variable(
    c: list[Any],
    inner: _Text | None,
    index: _Text | None,
    transformations: tuple[tuple[Transformation, tuple[PseudoVariable, ...]], ...],
) -> PseudoVariable:
    whole = c[1][3]
    nested = [*(inner.nested if inner else ()), *(index.nested if index else ())]
    for _, more in transformations:
        nested += more
    return PseudoVariable(
        c[0][1],
        c[-1][2],
        whole[c[1][1] : c[1][2]],
        whole[inner.start : inner.end] if inner else None,
        whole[index.start : index.end] if index else None,
        tuple(t for t, _ in transformations),
        tuple(nested),
    )
