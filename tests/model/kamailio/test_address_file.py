"""The lines of an address file: what 5.6.3 was seen to make of them."""

from __future__ import annotations

import pytest

from cfglint.model.kamailio.address_file import address_lines
from cfglint.source import Source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  1\t198.51.100.20\t32\r\n", ("1", "198.51.100.20", "32", None, None)),
        ("1 198.51.100.20 # c\n", ("1", "198.51.100.20", None, None, None)),
        ("1 198.51.100.20 32 5060 tag # c", ("1", "198.51.100.20", "32", "5060", "tag")),
        ("1 198.51.100.0 255.255.255.0", ("1", "198.51.100.0", "255", None, ".255.255.0")),
        ("1 198.51.100.0 24 abc", ("1", "198.51.100.0", "24", None, "abc")),
        ("1, 198.51.100.20", ("1", ",", "198", None, ".51.100.20")),
        ("x 198.51.100.20", ("", "x", "198", None, ".51.100.20")),
        ("1", ("1", None, None, None, None)),
    ],
)
def test_fields(text: str, expected: tuple[str | None, ...]) -> None:
    (line,) = address_lines(Source("address.list", text))
    fields = (line.group, line.address, line.mask, line.port, line.tag)
    assert tuple(None if field is None else field.text for field in fields) == expected
    assert all(field is None or field.place.text == field.text for field in fields)


def test_lines() -> None:
    source = Source("address.list", "# comment\n\n \t\r\n1 [2001:db8::1]\n0 office\n")
    lines = list(address_lines(source))
    assert [(line.group.number, str(line.ip)) for line in lines] == [(1, "2001:db8::1"), (0, "None")]
    assert [line.place.start.line for line in lines] == [4, 5]
