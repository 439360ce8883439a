"""Changes to a file's bytes, from one bit to a repetition without end; the same for the same source of chance."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

MAX_BYTES = 300_000
"""No mutated file is larger: what grows too fast shows by then."""

PIECE_BYTES = 2_000
"""So much of a real file is taken where not all of it is."""

GROWN_BYTES = 10_000
"""No piece grows beyond it."""

WHOLE = 1 / 100
"""So many inputs are made of all of a file, and may grow up to `MAX_BYTES`."""

MAX_CHANGES = 6


def words(language: str) -> list[bytes]:
    """The words of a language and what is odd in any file, from the dictionaries here."""
    lines = "".join((Path(__file__).parent / f"{name}.dict").read_text() for name in (language, "anywhere"))
    found = [ast.literal_eval("b" + line) for line in lines.splitlines() if line.startswith('"')]
    return [*found, b"9" * 5000]  # more digits than Python turns into a number


_NUMBER = re.compile(rb"\d+")
_WORD = re.compile(rb"[\w.-]+")
_BLOCK = re.compile(rb"^(?=\[|\w*route\b|loadmodule\b|modparam\b|#!)", re.MULTILINE)
"""Where something begins that can stand alone: a section of Asterisk's, a statement or directive of Kamailio's."""


class Mutator:
    """Makes files out of `seeds`, real ones of one language, and its `words`."""

    def __init__(self, seeds: Sequence[bytes], words: Sequence[bytes], random: Random) -> None:
        self._seeds = seeds
        self._pieces = [(_BLOCK.split(data), data.splitlines(keepends=True)) for data in seeds]
        self._words = words
        self._random = random

    def make(self) -> bytes:
        """Some blocks or lines of a real file, or now and then all of it, changed in a few places."""
        random = self._random
        if random.random() < WHOLE:
            data, limit = random.choice(self._seeds), MAX_BYTES
        else:
            data, limit = self._piece(), GROWN_BYTES
        for _ in range(random.randint(1, MAX_CHANGES)):
            change: Callable[[bytes], bytes] = random.choices(self._changes, self._weights)[0].__get__(self)
            data = change(data)[:limit]
        return data

    def _piece(self) -> bytes:
        random = self._random
        pieces = random.choice(random.choice(self._pieces))
        first = random.randrange(len(pieces)) if pieces else 0
        return b"".join(pieces[first : first + random.randint(1, 20)])[:PIECE_BYTES]

    def _span(self, data: bytes, longest: int = 200) -> tuple[int, int]:
        start = self._random.randint(0, len(data))
        return start, min(start + self._random.randint(0, longest), len(data))

    def flip(self, data: bytes) -> bytes:
        """One bit."""
        if not data:
            return data
        at = self._random.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << self._random.randrange(8)]) + data[at + 1 :]

    def insert(self, data: bytes) -> bytes:
        """A word of the language, or something odd."""
        at = self._random.randint(0, len(data))
        return data[:at] + self._random.choice(self._words) + data[at:]

    def exchange(self, data: bytes) -> bytes:
        """Another word in place of one."""
        found = list(_WORD.finditer(data))
        if not found:
            return data
        start, end = self._random.choice(found).span()
        return data[:start] + self._random.choice(self._words) + data[end:]

    def number(self, data: bytes) -> bytes:
        """Another number in place of one."""
        found = list(_NUMBER.finditer(data))
        if not found:
            return data
        start, end = self._random.choice(found).span()
        new = self._random.choice(
            (b"0", b"1", b"-1", b"65535", b"65536", b"2147483648", b"18446744073709551616", b"08", b"1.5")
        )
        return data[:start] + new + data[end:]

    def remove(self, data: bytes) -> bytes:
        """A stretch less."""
        start, end = self._span(data)
        return data[:start] + data[end:]

    def remove_one(self, data: bytes) -> bytes:
        """A character less."""
        at = self._random.randint(0, len(data))
        return data[:at] + data[at + 1 :]

    def double(self, data: bytes) -> bytes:
        """A stretch twice."""
        start, end = self._span(data)
        return data[:end] + data[start:end] + data[end:]

    def splice(self, data: bytes) -> bytes:
        """A stretch of another file."""
        other = self._random.choice(self._seeds)
        start, end = self._span(other, 1000)
        at = self._random.randint(0, len(data))
        return data[:at] + other[start:end] + data[at:]

    def swap_lines(self, data: bytes) -> bytes:
        """Two lines exchanged."""
        lines = data.splitlines(keepends=True)
        if len(lines) < 2:
            return data
        one, two = self._random.randrange(len(lines)), self._random.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
        return b"".join(lines)

    def end_early(self, data: bytes) -> bytes:
        """Cut off."""
        return data[: self._random.randint(0, len(data))]

    def line_ends(self, data: bytes) -> bytes:
        """Line ends of another system."""
        return data.replace(b"\n", self._random.choice((b"\r\n", b"\r", b" \\\n", b"")))

    def repeat(self, data: bytes) -> bytes:
        """A stretch or a word very often."""
        start, end = self._span(data, self._random.choice((1, 8, 80)))
        piece = data[start:end] if self._random.random() < 0.5 else self._random.choice(self._words)
        times = self._random.choice((10, 100, 1000, 20_000))
        return data[:start] + (piece * times)[:MAX_BYTES] + data[end:]

    _changes = (
        flip, insert, exchange, number, remove, remove_one, double, splice, swap_lines, end_early, line_ends, repeat,
    )  # fmt: skip
    _weights = (10, 25, 20, 8, 10, 10, 6, 10, 6, 4, 2, 1)
