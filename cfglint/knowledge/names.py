"""Finds the name that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is most likely a slip of the pen for, or None where none is near enough.

    Only clear near-misses: a wrong suggestion costs more than none.
    """
    from difflib import SequenceMatcher  # slow to import, rarely needed

    lowered = name.lower()
    plain = lowered.replace("_", "").replace("-", "")
    best, best_ratio = None, 0.78 if len(plain) > 3 else 0.85
    matcher = SequenceMatcher(None, "", lowered, autojunk=False)
    for candidate in candidates:
        other = candidate.lower()
        if other.replace("_", "").replace("-", "") == plain:
            return candidate
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() > best_ratio and matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = candidate, ratio
    return best


class Suggestions:
    """`nearest` with a budget, for checks that may find the same mistake in thousands of places."""

    def __init__(self, candidates: Iterable[str], budget: int = 50) -> None:
        self._candidates = list(candidates)
        self._left = budget if len(self._candidates) <= 5000 else budget // 10

    def nearest(self, name: str) -> str | None:
        """The nearest candidate, or None; always None once the budget is spent."""
        if not self._left:
            return None
        self._left -= 1
        return nearest(name, self._candidates)
