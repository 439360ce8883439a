"""What main/config.c:config_text_file_load makes of comments."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cfglint.syntax.comments import BLANKS, MAX_DEPTH, MAX_LINE_BYTES, live_part, too_long


def live(*lines: str) -> list[str | None]:
    """The live text of lines that follow each other."""
    depth, found = 0, []
    for line in lines:
        part, depth, _ = live_part(line, depth)
        found.append(part.text if part is not None else None)
    return found


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["a=b"], ["a=b"]),
        (["  a=b\t\r"], ["a=b"]),
        (["\xa0a\u2003"], ["\xa0a\u2003"]),
        (["", " \t", ";", " ; x"], [None] * 4),
        (["a=b;c"], ["a=b"]),
        (["a=b ; c"], ["a=b"]),
        (["a=b\\;c"], ["a=b;c"]),
        (["a=b\\\\;c"], ["a=b\\;c"]),
        (["a=b\\;c;d"], ["a=b;c"]),
        (["a\\;;--x"], ["a;"]),
        (["a=1;--b=2--;c"], ["a=1c"]),
        (["a=1 ;-- b --; c"], ["a=1  c"]),
        (["a ;-- x", "y", "z --; b"], ["a", None, "b"]),
        (["a=1;--x", "--;b=2;--x", "--;"], ["a=1", "b=2", None]),
        ([";-- a ;-- b --; c --; d"], ["d"]),
        ([";-- a", ";-- b", "--; c", "--; d"], [None, None, None, "d"]),
        ([";--- x", "a"], [None, "a"]),
        (["a ;---", "b"], ["a", "b"]),
        (["a ;--", "b"], ["a", None]),
        ([";-- a ; b --; c"], ["c"]),
        ([";-- a \\--; b"], ["b"]),
        (["a ;----; b", "c"], ["a", "c"]),
        (["--; a ; b", "b", "[c]"], ["--; a ; b", None, None]),
        (["a --; b", "c"], ["a --; b", None]),
        (["-; a", "b"], ["-", "b"]),
        ([";--;"], [None]),
        ([";--;", "a", "--; b"], [None, None, "b"]),
        (["a\0;--", "b"], ["a", "b"]),
        (["[x] ; y"], ["[x]"]),
        (["[x;y]"], ["[x"]),
    ],
)
def test_live_text(lines: list[str], expected: list[str | None]) -> None:
    assert live(*lines) == expected


def test_a_close_without_opening_silences_the_rest() -> None:
    _, depth, marks = live_part("a --; b", 0)
    assert depth == -1
    assert [(mark.offset, mark.depth) for mark in marks] == [(2, -1)]
    assert live_part("c", depth)[0] is None
    assert live_part(";-- d", depth)[1] == 0


def test_nesting_ends_somewhere() -> None:
    part, depth, marks = live_part(";--" * (MAX_DEPTH + 5), 0)
    assert (part, depth, len(marks)) == (None, MAX_DEPTH, MAX_DEPTH)


def test_too_long_counts_bytes() -> None:
    assert not too_long("x" * MAX_LINE_BYTES)
    assert too_long("x" * (MAX_LINE_BYTES + 1))
    assert not too_long("é" * (MAX_LINE_BYTES // 2))
    assert too_long("é" * (MAX_LINE_BYTES // 2 + 1))
    assert not too_long("\udcff" * MAX_LINE_BYTES)


lines = st.lists(st.sampled_from([*"a;-\\ =[", ";--", "--;"]), max_size=14).map("".join)


@given(lines, st.integers(-2, 3))
def test_each_live_character_is_where_it_is_said_to_be(line: str, depth: int) -> None:
    part, _, marks = live_part(line, depth)
    if part is not None:
        assert [line[offset] for offset in part.offsets] == list(part.text)
        assert list(part.offsets) == sorted(set(part.offsets))
        assert part.text == part.text.strip(BLANKS) != ""
    for mark in marks:
        assert line[mark.offset : mark.offset + 3] in (";--", "--;")


def as_a_buffer(line: str, depth: int) -> tuple[str | None, int]:
    """The same, done as in C: by moving text and ending it with NULs, of which the first one counts."""
    text, scan = line, 0
    begin = None if depth else 0
    while (at := text.find(";", scan)) >= 0:
        if at > scan and text[at - 1] == "\\":
            text, scan = text[: at - 1] + text[at:], at
        elif text[at + 1 : at + 3] == "--" and text[at + 3 : at + 4] != "-":
            text, scan, depth = f"{text[:at]}\0{text[at + 1 :]}", at + 3, depth + 1
        elif at >= scan + 2 and text[at - 2 : at] == "--":
            scan, depth = at + 1, depth - 1
            if depth == 0 and begin is None:
                begin = scan
            elif depth == 0:
                end = text.index("\0", begin)
                text, scan = text[:end] + text[scan:], end
        elif depth:
            scan = at + 1
        else:
            text = text[:at]
    if begin is None:
        return None, depth
    return text[begin:].partition("\0")[0].strip(BLANKS) or None, depth


@settings(max_examples=500)
@given(lines, st.integers(-3, 3))
@example(";----;--;", 0)
@example("a--;b;--c--;d;e", 0)
def test_against_a_buffer_as_the_server_has_it(line: str, depth: int) -> None:
    part, after, _ = live_part(line, depth)
    assert (part.text if part is not None else None, after) == as_a_buffer(line, depth)
