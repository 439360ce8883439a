from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.source import Position, Source, Span, decode, encode, place

TEXT = "[general]\r\nhost=ä\n\nlast"


@given(st.binary())
def test_any_bytes_come_back(data: bytes) -> None:
    assert encode(decode(data)) == data


def test_utf8_is_one_character_and_other_bytes_are_one_each() -> None:
    assert decode(b"\xc3\xa4\xff\x00") == "ä\udcff\0"


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(0, (1, 1)), (9, (1, 10)), (10, (1, 11)), (11, (2, 1)), (17, (2, 7)), (18, (3, 1)), (19, (4, 1)), (23, (4, 5))],
)
def test_positions_count_from_one(offset: int, expected: tuple[int, int]) -> None:
    assert Source("x", TEXT).position(offset) == expected


@given(st.text(alphabet="ab\r\n\x0b\x85\u2028"))
def test_positions_against_counting(text: str) -> None:
    source = Source("x", text)
    for offset in range(len(text) + 1):
        before = text[:offset]
        line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
        assert source.position(offset) == Position(line, column)
        span = source.line_span(offset)
        assert span.start <= offset <= span.end
        assert "\n" not in text[span.start : span.end][:-1]
        assert source.line_text(offset) == text[span.start : span.end].rstrip("\r\n")


@given(st.text(alphabet="ab\r\n"))
def test_lines_cover_the_text(text: str) -> None:
    source = Source("x", text)
    spans = [source.line_span(start) for start in source.line_starts]
    assert "".join(text[span.start : span.end] for span in spans) == text


def test_line_text_has_no_line_end() -> None:
    source = Source("x", TEXT)
    assert [source.line_text(offset) for offset in (3, 12, 18, 20)] == ["[general]", "host=ä", "", "last"]


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\r\n", "\r\n"), ("\n", "\n"), ("a\r", "\n")],
)
def test_the_first_line_tells_the_line_end(text: str, newline: str) -> None:
    assert Source("x", text).newline == newline


def test_place() -> None:
    source = Source("x", TEXT)
    host = place(source, 11, 15)
    assert host.text == "host"
    assert (host.start, host.end) == (Position(2, 1), Position(2, 5))
    assert host.span == Span(11, 15)


def test_a_source_shows_itself_without_its_text() -> None:
    assert repr(Source("sip.conf", "secret=x\n")) == "Source('sip.conf', 9 characters)"
