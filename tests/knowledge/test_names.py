from __future__ import annotations

import pytest

from cfglint.knowledge.names import Suggestions, nearest

NAMES = ["secret", "host", "max_contacts", "remove_existing", "aors", "auth", "qualify"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("secert", "secret"),
        ("SECRET", "secret"),
        ("max-contacts", "max_contacts"),
        ("maxcontacts", "max_contacts"),
        ("remove_exising", "remove_existing"),
        ("qualfy", "qualify"),
        ("", None),
        ("x", None),
        ("port", None),
        ("context", None),
        ("secretary_of_state", None),
    ],
)
def test_only_clear_near_misses(name: str, expected: str | None) -> None:
    assert nearest(name, NAMES) == expected


def test_nobody_to_choose_from() -> None:
    assert nearest("secret", []) is None


def test_suggestions_end_with_their_budget() -> None:
    suggestions = Suggestions(NAMES, budget=2)
    assert [suggestions.nearest("secert") for _ in range(3)] == ["secret", "secret", None]
