"""The name that was probably meant."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Iterable

SHORTEST = 4
"""In a shorter name one slip could mean too many others."""


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that `name` is a clear slip of, for ``did you mean``; None when there is none, or a choice.

    Another case, or ``-`` for ``_``, is a clear slip. So is one letter that is wrong, missing, too many or swapped with
    its neighbour, from eight letters on two of them.
    """
    return Suggestions(candidates).nearest(name)


class Suggestions:
    """`nearest` for checks that may find the same mistake in thousands of places; after so many comparisons of two
    names as its budget allows there are no more suggestions."""

    def __init__(self, candidates: Iterable[str], budget: int = 200_000) -> None:
        self._candidates = candidates if isinstance(candidates, list) else list(candidates)
        self._left = budget
        self._by_length: dict[int, list[tuple[str, str]]] = {}

    def nearest(self, name: str) -> str | None:
        """The nearest candidate, or None; always None once the budget is spent."""
        if self._left <= 0:
            return None
        if not self._by_length:
            for candidate in self._candidates:
                other = _folded(candidate)
                self._by_length.setdefault(len(other), []).append((candidate, other))
        wanted = _folded(name)
        limit = 0 if len(wanted) < SHORTEST else 1 if len(wanted) < 8 else 2
        letters = set(wanted)
        best, found = limit + 1, set[str]()
        for length in range(len(wanted) - limit, len(wanted) + limit + 1):
            alike = self._by_length.get(length, ())
            self._left -= len(alike)
            for candidate, other in alike:
                if candidate == name or len(letters.symmetric_difference(other)) > 2 * limit:
                    continue
                slips = 0 if other == wanted else self._slips(wanted, other)
                if slips < best:
                    best, found = slips, {candidate}
                elif slips == best <= limit:
                    found.add(candidate)
        return found.pop() if len(found) == 1 else None

    def _slips(self, one: str, other: str) -> int:
        self._left -= len(one)
        return _slips(one, other)


def _folded(name: str) -> str:
    return name.lower().replace("-", "_")


def _slips(one: str, other: str) -> int:
    """Letters to change, drop, add or swap with their neighbour (optimal string alignment distance)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
