"""Changes to a file's bytes, from one bit to a repetition that fills the memory; the same for the same random source."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MAX_BYTES = 300_000
"""No mutated file is larger: what grows too fast shows by then."""

MAX_CHANGES = 6

ASTERISK_WORDS = (
    b"[a]", b"[a](!)", b"[general]", b"[a](+)", b"[a](+type=endpoint)", b"(+)", b"(!,a)", b"[", b"](", b"\n#include a.conf\n",
    b"\n#include sip.conf\n", b"\n#include {a,b}*\n", b"\n#tryinclude x\n", b"\n#exec x\n", b";--", b"--;", b";", b"\\;", b"=>",
    b"+=", b"=", b"type=endpoint", b"type=auth", b"type=aor", b"type=identify", b"type=friend", b"permit=0.0.0.0/0", b"deny=::/0",
    b"10.0.0.0/8", b"255.255.255.255", b"::", b"[::1]:5060", b"match=", b"acl=", b"secret=", b"register=>a:b@c/d",
    b"contact=sip:a@b", b"transport=", b"auth=", b"aors=", b"host=dynamic", b"1.2.3.4/99", b"!", b"&", b"sip:", b"/",
)  # fmt: skip

KAMAILIO_WORDS = (
    b"#!ifdef A\n", b"#!ifndef A\n", b"#!else\n", b"#!endif\n", b"#!define A A A\n", b"#!define B A(B)\n", b'#!subst "/a/b/g"',
    b'#!substdef "!X!a{255}!g"', b"#!ifexp 1+(\n", b"#!defexp A 1/0\n", b'\ninclude_file "a.cfg"\n', b'#!include_file "kamailio.cfg"\n',
    b"request_route {", b"route[A] {", b"route(A);", b"}", b"{", b"(", b")", b"if", b"else", b"while(1)", b"switch($rU) {",
    b"case /\"(a+)+$\":", b"break;", b"return;", b"exit;", b"drop;", b"$var(x)", b"$(ru{s.len})", b"$(", b"$avp(", b"$xavp(a=>b)",
    b"$(var(x){s.substr,0,-1}[*])", b"==", b"=~", b'"^(a|a)*$"', b"!", b"-", b"+", b"&&", b"||", b'"', b"'", b"/*", b"*/", b"//",
    b'loadmodule "tm.so"\n', b'modparam("auth_db", "db_url", "text:///x")\n', b'append_to_reply("a\\r\\n");', b"t_relay();",
    b"listen=udp:0.0.0.0:5060\n", b"0x7fffffffffffffff", b"event_route[htable:mod-init] {", b"{s.escape.common}", b"src_ip==10.0.0.0/8",
    b'is_myself("$fu")', b"force_rport();", b'sl_send_reply("403","F");', b"\\", b"[", b"]", b"{re.subst,/a/b/}",
)  # fmt: skip

ANYWHERE = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\n\n", b"\t", b" ", b"\x0b", b"\x1b[2J", b"\xc2\x85", b"\xe2\x80\xae",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "é".encode(), "İ".encode(), "ß".encode(), "٣".encode(), "²".encode(), b"0", b"-1", b"65536",
    b"4294967296", b"9" * 30, b"9" * 5000, b"0x", b"1e999", b"%s", b"%n", b"../", b"/dev/zero", b"a" * 300, b"\x80" * 40,
)  # fmt: skip

_NUMBER = re.compile(rb"\d+")
_WORD = re.compile(rb"[\w.-]+")


class Mutator:
    """Makes files out of `seeds`, real ones of one language, and its `words`."""

    def __init__(self, seeds: Sequence[bytes], words: Sequence[bytes], random: Random) -> None:
        self._seeds = seeds
        self._words = (*words, *ANYWHERE)
        self._random = random

    def make(self) -> bytes:
        """A stretch of a real file, or now and then all of it, changed in a few places."""
        random = self._random
        data = random.choice(self._seeds)
        if random.random() < 0.85:
            lines = data.splitlines(keepends=True)
            first = random.randrange(len(lines)) if lines else 0
            data = b"".join(lines[first : first + random.randint(1, 60)])
        for _ in range(random.randint(1, MAX_CHANGES)):
            change: Callable[[bytes], bytes] = random.choices(self._changes, self._weights)[0].__get__(self)
            data = change(data)[:MAX_BYTES]
        return data

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
