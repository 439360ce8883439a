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
