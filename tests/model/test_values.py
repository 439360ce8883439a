from __future__ import annotations

import ctypes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.model.values import invalid_reason, is_false, is_true, number


@pytest.mark.parametrize("value", ["yes", "true", "y", "t", "1", "on", "YES", "On"])
def test_true_words(value: str) -> None:
    assert is_true(value)
    assert not is_false(value)


@pytest.mark.parametrize("value", ["no", "false", "n", "f", "0", "off", "OFF"])
def test_false_words(value: str) -> None:
    assert is_false(value)
    assert not is_true(value)


@pytest.mark.parametrize("value", ["", "yep", "ja", "2", "enabled", " yes", "yes "])
def test_neither(value: str) -> None:
    assert not is_true(value)
    assert not is_false(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0", 0), ("10", 10), ("010", 8), ("0x10", 16), ("0X1f", 31), ("+5", 5), ("-5", -5), ("00", 0)]
    + [(value, None) for value in ("", "08", "1 ", "1x", "x", "0x", "1.5", "--1", "+", "१")],
)
def test_numbers(value: str, expected: int | None) -> None:
    assert number(value) == expected


@given(st.text(alphabet="0123456789abxX+- ", max_size=8))
def test_numbers_as_strtoul_reads_them(value: str) -> None:
    libc = ctypes.CDLL(None)
    libc.strtol.restype = ctypes.c_long
    text, end = ctypes.create_string_buffer(value.encode()), ctypes.c_char_p()
    result = libc.strtol(text, ctypes.byref(end), 0)
    whole = end.value == b"" and value.strip() != ""
    assert number(value) == (result if whole else None)


def reason(variant: dict[str, Any], value: str) -> str | None:
    return invalid_reason([variant], value)


UINT = {"type": "uint"}
RANGE = {"type": "uint", "range": [0, 86400]}
INT = {"type": "int"}
ENUM = {"type": "enum", "values": ["rfc4733", "inband"]}
MIXED = {"type": "enum", "values": ["outgoing"], "also_bool": True}
ITEMS = {"type": "comma-enum", "values": ["username", "ip"]}
CODECS = {"type": "codecs"}


@pytest.mark.parametrize(
    ("variant", "value", "expected"),
    [
        (UINT, "5", None),
        (UINT, "4294967295", None),
        (UINT, "4294967296", "is not between 0 and 4294967295"),
        (UINT, "-1", "is not a whole number"),
        (UINT, "5s", "is not a whole number"),
        (UINT, "", "is empty, a number is needed"),
        (RANGE, "86401", "is not between 0 and 86400"),
        (INT, "-5", None),
        (INT, "x", "is not a whole number"),
        (INT, "2147483648", "is not between -2147483648 and 2147483647"),
        ({"type": "double"}, "3.0", None),
        ({"type": "double"}, "three", "is not a number"),
        (ENUM, "RFC4733", None),
        (ENUM, "rfc2833", "is none of rfc4733, inband"),
        (MIXED, "yes", None),
        (MIXED, "off", None),
        (MIXED, "maybe", "is none of outgoing"),
        (ITEMS, "username, IP", None),
        (ITEMS, "username,", None),
        (ITEMS, "name", "has 'name', which is none of username, ip"),
        (CODECS, "ulaw,alaw", None),
        (CODECS, "!all,g722:20|opus", None),
        (CODECS, "(ulaw,alaw)", None),
        (CODECS, "ALL", None),
        (CODECS, "ulaw,", "has an empty item"),
        (CODECS, "ulaw,,alaw", "has an empty item"),
        (CODECS, "ulawx", "names 'ulawx', a codec that Asterisk does not know"),
        (CODECS, "", "is empty"),
        ({"type": "codecs", "alias": "x"}, "", None),
        ({"type": "name=value"}, "a=b", None),
        ({"type": "name=value"}, "a", "has no '='"),
        ({"type": "sip-uri"}, "sip:a@b,sips:c", None),
        ({"type": "sip-uri"}, '"A" <sip:a@b>', "holds '\"A\" <sip:a@b>', which does not begin with sip: or sips:"),
        ({"type": "sip-uri"}, "<sip:a@b>", None),
        ({"type": "sip-uri"}, "a@b", "holds 'a@b', which does not begin with sip: or sips:"),
        ({"type": "string"}, "anything", None),
        ({"type": "bool"}, "maybe", None),
        ({"type": "acl-rule"}, "x", None),
        ({"type": "uint", "lenient": True}, "x", None),
    ],
)
def test_values(variant: dict[str, Any], value: str, expected: str | None) -> None:
    assert reason(variant, value) == expected


def test_one_version_that_takes_a_value_is_enough() -> None:
    assert invalid_reason([ENUM, {"type": "enum", "values": ["auto"]}], "auto") is None
    assert invalid_reason([ENUM, {"type": "enum", "values": ["auto"]}], "x") == "is none of auto"
    assert invalid_reason([], "x") is None
