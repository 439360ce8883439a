"""What the match lines of an identify take."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.model.addresses import parse_address
from cfglint.model.identify import matches, split_host, taken_by
from cfglint.model.pjsip.objects import Object
from tests.support import pjsip_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip.example.net", ("sip.example.net", None)),
        ("sip.example.net:5080", ("sip.example.net", 5080)),
        (" 192.0.2.1:5060 ", ("192.0.2.1", 5060)),
        ("[2001:db8::1]:5061", ("2001:db8::1", 5061)),
        ("[2001:db8::1]", ("2001:db8::1", None)),
        ("2001:db8::1", ("2001:db8::1", None)),
        ("192.0.2.1:port", ("192.0.2.1:port", None)),
        ("", ("", None)),
    ],
)
def test_split_host(text: str, expected: tuple[str, int | None]) -> None:
    assert split_host(text) == expected


def identify(folder: Path, *lines: str) -> Object:
    text = "[t]\ntype=identify\nendpoint=t\n" + "".join(f"match={line}\n" for line in lines)
    return pjsip_of(folder, text).declared["identify"][0]


@pytest.mark.parametrize(
    ("lines", "source", "port", "taken"),
    [
        (["192.0.2.7"], "192.0.2.7", 5060, True),
        (["192.0.2.7"], "192.0.2.8", 5060, False),
        (["192.0.2.0/24", "198.51.100.1"], "192.0.2.99", 5060, True),
        (["192.0.2.17/28"], "192.0.2.20", 5060, True),
        (["192.0.2.7:5080"], "192.0.2.7", 5060, False),
        (["192.0.2.7:5080"], "192.0.2.7", 5080, True),
        (["192.0.2.0/24,!192.0.2.7/32"], "192.0.2.7", 5060, False),
        (["192.0.2.0/24,!192.0.2.7/32"], "192.0.2.8", 5060, True),
        (["!192.0.2.7/32,192.0.2.0/24"], "192.0.2.7", 5060, True),
        (["sip.example.net"], "203.0.113.5", 5060, True),
        (["other.example.net"], "203.0.113.5", 5060, False),
        (["2001:db8::/32"], "2001:db8::5", 5060, True),
    ],
)
def test_the_last_entry_decides(tmp_path: Path, lines: list[str], source: str, port: int, taken: bool) -> None:
    parsed = parse_address(source)
    assert not isinstance(parsed, str)
    found = taken_by(matches(identify(tmp_path, *lines)), *parsed, port, {"sip.example.net": "203.0.113.5"})
    assert (found is not None) is taken


@pytest.mark.parametrize("line", ["192.0.2.0/33", "sip.example.net/24", "192.0.2.0/24,300.0.0.0/8", "!sip/32"])
def test_what_cannot_be_read_drops_the_object(tmp_path: Path, line: str) -> None:
    drop = identify(tmp_path, line).drop
    assert drop is not None
    assert "holds" in drop.detail


def test_places(tmp_path: Path) -> None:
    entries = matches(identify(tmp_path, "sip.example.net, 192.0.2.0/24 ,!192.0.2.7/32"))
    assert [entry.place.text for entry in entries] == ["192.0.2.0/24", "!192.0.2.7/32", "sip.example.net"]
    assert [entry.excluded for entry in entries] == [False, True, False]
