from __future__ import annotations

import pytest

from cfglint.knowledge.releases import Releases

KNOWN = Releases("5.4", "5.5", "5.6", "6.0")


@pytest.mark.parametrize(
    ("text", "names", "spoken"),
    [
        ("5.4+", {"5.4", "5.5", "5.6", "6.0"}, "any version"),
        ("5.5+", {"5.5", "5.6", "6.0"}, "5.5 and later"),
        ("5.4-5.6", {"5.4", "5.5", "5.6"}, "up to 5.6"),
        ("5.5-5.6", {"5.5", "5.6"}, "5.5 to 5.6"),
        ("5.4", {"5.4"}, "5.4"),
        ("6.0", {"6.0"}, "6.0"),
        ("5.4,5.6+", {"5.4", "5.6", "6.0"}, "5.4, 5.6 and later"),
        ("5.4,5.6", {"5.4", "5.6"}, "5.4, 5.6"),
    ],
)
def test_sets_of_releases(text: str, names: set[str], spoken: str) -> None:
    assert KNOWN.parse(text) == names
    assert KNOWN.render(names) == text
    assert KNOWN.spoken(names) == spoken


def test_empty_set() -> None:
    assert KNOWN.render(()) == ""
    assert KNOWN.spoken(()) == "no version"


@pytest.mark.parametrize("text", ["", "5.9", "5.4-5.9", "5.9+", "5.4,"])
def test_text_that_is_no_set(text: str) -> None:
    with pytest.raises(ValueError):
        KNOWN.parse(text)


def test_release_of_a_full_version() -> None:
    assert KNOWN.release("5.6.3") == "5.6"
    assert KNOWN.release("5.6") == "5.6"
    assert KNOWN.release("5.3.1") is None
    assert KNOWN.release("5") is None
    assert KNOWN.release("") is None
