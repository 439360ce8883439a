from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.numerals import LONGEST, decimal, saturated


@given(st.integers(-LONGEST - 1, LONGEST), st.sampled_from(["", "0", "000"]))
def test_what_a_long_holds_is_read(number: int, zeros: str) -> None:
    sign = "-" if number < 0 else ""
    assert decimal(f"{sign}{zeros}{abs(number)}") == number
    assert saturated(number) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("+7", 7), ("-0", 0), ("9" * 5000, LONGEST), ("-" + "9" * 5000, -LONGEST - 1), ("0" * 5000 + "7", 7)],
)
def test_the_ends(text: str, number: int) -> None:
    assert decimal(text) == number


@pytest.mark.parametrize("text", ["", "-", "+-1", " 1", "1 ", "1.0", "0x1", "²", "٣", "1_000", "1\n"])
def test_what_is_no_number(text: str) -> None:
    assert decimal(text) is None
