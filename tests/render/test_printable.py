from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.render.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, äöü 漢字", "plain text, äöü 漢字"),
        ("a\tb", "a\tb"),
        ("a\nb", "a\\nb"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\r", "\\x0d"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\udcff\udc80", "\\xff\\x80"),
        ("\ud800", "\\ud800"),
        ("a\u202eb\u200bc\ufeff", "a\\u202eb\\u200bc\\ufeff"),
        ("\u2028\u2066", "\\u2028\\u2066"),
    ],
)
def test_what_reaches_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_nothing_that_moves_the_cursor_is_left(text: str) -> None:
    shown = printable(text)
    assert not any(ord(c) < 32 and c != "\t" for c in shown)
    assert "\x7f" not in shown
    assert not any(0x80 <= ord(c) < 0xA0 for c in shown)
    shown.encode("utf-8")
