"""What expressions may cost, held against what Python's matcher really does: its steps are counted as characters that
it looks at."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cfglint.regexes import Budget, TooCostly, cost


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("abc", 100, 101),
        ("a*", 100**2, 102**2),
        ("^(.*)x(.*)$", 100**3, 102**3),
        ("[a-z*+]{2,5}", 100, 606),
        (r"\(\*\[", 100, 101),
        ("[]()*]", 100, 101),
        ("[^][:alpha:]*]", 100, 101),
        ("(udp|tcp):", 200, 202),
        ("(ab)*", 100**2, 102**2),
        ("a?b?c?", 800, 810),
        ("[0-9]{3}-[0-9]{4}", 100, 101),
        ("{", 100, 101),
    ],
)
def test_what_an_expression_may_cost(pattern: str, least: int, most: int) -> None:
    assert least <= cost(pattern, 100) <= most


@pytest.mark.parametrize(
    "pattern",
    [
        "(a*)*",
        "((a*)a)*b",
        "(a|a)*",
        "(a?){30}",
        "(?:a+)+",
        "(a{1,9}){1,9}",
        "(" * 60 + ")" * 60,
        ")",
        "x" * 5000,
        "a" + "*" * 4000,
    ],
)
def test_what_is_never_tried(pattern: str) -> None:
    assert math.isinf(cost(pattern, 100))


def test_many_optional_letters_double_the_cost_each() -> None:
    assert cost("a?" * 30 + "a" * 30, 30) > 2**30


def test_a_budget_is_used_up() -> None:
    budget = Budget(1200)
    budget.spend("abc", 400)
    budget.spend("abc", 400)
    with pytest.raises(TooCostly):
        budget.spend("abc", 400)


# ---------------------------------------------------------------------------------------- against a matcher that counts


class Counter:
    """A matcher that goes back and tries again, and counts the characters it looks at. Patterns are nested tuples:
    ``("a",)``, ``("all", part...)``, ``("any", part...)``, ``("repeat", part, least, most)``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0

    def match(self, pattern: Any, at: int, rest: Callable[[int], bool]) -> bool:
        kind, *parts = pattern
        if kind == "all":
            return self._all(parts, at, rest)
        if kind == "any":
            return any(self.match(part, at, rest) for part in parts)
        if kind == "repeat":
            part, least, most = parts
            return self._repeat(part, least, most, at, rest)
        self.steps += 1
        return self.text[at : at + 1] == kind and rest(at + 1)

    def _all(self, parts: list[Any], at: int, rest: Callable[[int], bool]) -> bool:
        if not parts:
            return rest(at)
        return self.match(parts[0], at, lambda there: self._all(parts[1:], there, rest))

    def _repeat(
        self, part: Any, least: int, most: int | None, at: int, rest: Callable[[int], bool], done: int = 0
    ) -> bool:
        if most is None or done < most:

            def again(there: int) -> bool:
                return there > at and self._repeat(part, least, most, there, rest, done + 1)

            if self.match(part, at, again):
                return True
        return done >= least and rest(at)


def written(pattern: Any) -> str:
    """A pattern as a regular expression."""
    kind, *parts = pattern
    if kind == "all":
        return "".join(map(written, parts))
    if kind == "any":
        return f"({'|'.join(map(written, parts))})"
    if kind == "repeat":
        part, least, most = parts
        mark = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most), f"{{{least},{most}}}")
        return f"({written(part)}){mark}" if part[0] in ("all", "repeat") else f"{written(part)}{mark}"
    return str(kind)


def combined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    bounds = st.sampled_from([(0, None), (1, None), (0, 1), (1, 3)])
    return st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: ("all", *found)),
        st.lists(parts, min_size=1, max_size=3).map(lambda found: ("any", *found)),
        st.tuples(parts, bounds).map(lambda found: ("repeat", found[0], *found[1])),
    )


@settings(max_examples=300)
@given(st.recursive(st.sampled_from([("a",), ("b",)]), combined, max_leaves=8), st.sampled_from(["aaaaaa", "ababab"]))
def test_no_search_takes_more_steps_than_it_may_cost(pattern: Any, text: str) -> None:
    expression = written(pattern)
    allowed = cost(expression, len(text))
    assume(math.isfinite(allowed))
    counter = Counter(text)
    for start in range(len(text) + 1):
        counter.match(pattern, start, lambda at: False)
    assert counter.steps <= allowed * len(expression)
    re.compile(expression)
