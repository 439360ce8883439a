"""What of a physical line is left when Asterisk's comments are taken out.

Follows main/config.c:config_text_file_load. Comments are found before anything else is read, even inside ``[...]`` and
in the middle of a value:

* a semicolon behind a backslash is literal, and the backslash goes;
* ``;--`` not followed by a third dash opens a block comment, which nests and may run over many lines;
* ``--;`` closes one, and what follows on the line is live again;
* any other semicolon outside a block comment ends the line.

A ``--;`` with nothing open makes the depth negative, and as long as it is not zero every further line is a comment.
"""

from __future__ import annotations

from collections.abc import Sequence

from cfglint.namedtuples import NamedTuple

BLANKS = "".join(map(chr, range(1, 33)))
"""What ast_strip takes off both ends: the bytes 1 to 32."""

MAX_DEPTH = 128
"""MAX_NESTED_COMMENTS of main/config.c."""

MAX_LINE_BYTES = 8190
"""A longer line is skipped as a whole, newline not counted."""


class Live(NamedTuple):
    """The live text of one physical line, stripped, and for each of its characters the offset in the line."""

    text: str
    offsets: Sequence[int]


class Mark(NamedTuple):
    """Where in a line a block comment opens or closes."""

    offset: int
    depth: int
    """The nesting depth behind it: positive, or negative when there was nothing to close."""


def live_part(line: str, depth: int) -> tuple[Live | None, int, list[Mark]]:
    """The live part of a line, the depth of block comments behind it, and where it changed.

    `line` is without its newline, `depth` the one before it. None when nothing is live.
    """
    line = line.partition("\0")[0]
    if not depth and ";" not in line:
        text = line.strip(BLANKS)
        left = len(line) - len(line.lstrip(BLANKS))
        return (Live(text, range(left, left + len(text))) if text else None), 0, []
    chars, offsets = list(line), list(range(len(line)))
    begin: int | None = None if depth else 0  # where the live text begins, if any of the line is live
    cut: int | None = None  # where it was ended by a comment
    marks: list[Mark] = []
    seen = 0  # the scan goes on from here
    while True:
        try:
            at = chars.index(";", seen)
        except ValueError:
            break
        if at > seen and chars[at - 1] == "\\":
            del chars[at - 1], offsets[at - 1]
            seen = at
        elif chars[at + 1 : at + 3] == ["-", "-"] and chars[at + 3 : at + 4] != ["-"]:
            if depth >= MAX_DEPTH:
                break  # the server complains of this comment for ever
            depth += 1
            marks.append(Mark(offsets[at], depth))
            cut = at if cut is None else cut
            seen = at + 3
        elif at >= seen + 2 and chars[at - 1] == chars[at - 2] == "-":
            depth -= 1
            marks.append(Mark(offsets[at - 2], depth))
            seen = at + 1
            if depth == 0:
                if begin is None:
                    begin = seen
                elif cut is not None:
                    del chars[cut:seen], offsets[cut:seen]
                    seen = cut
                cut = None
        elif depth:
            seen = at + 1
        else:
            cut = at if cut is None else cut
            break
    if begin is None:
        return None, depth, marks
    text = "".join(chars[begin:cut])
    left = len(text) - len(text.lstrip(BLANKS))
    text = text.strip(BLANKS)
    if not text:
        return None, depth, marks
    return Live(text, offsets[begin + left : begin + left + len(text)]), depth, marks


def too_long(line: str) -> bool:
    """Is a line (without its newline) longer than the server reads?"""
    return len(line) > MAX_LINE_BYTES // 4 and len(line.encode("utf-8", "surrogateescape")) > MAX_LINE_BYTES
