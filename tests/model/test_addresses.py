"""Addresses are read as the C library reads them, and lists are judged as a walk through all addresses would."""

from __future__ import annotations

import socket
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cfglint.model.addresses import (
    Difference,
    Rule,
    admits_nobody,
    bound_families,
    cancelled,
    difference,
    evaluate,
    format_address,
    format_mask,
    full_mask,
    is_readable,
    parse_address,
    parse_mask,
    prefix_length,
)
from tests.model.lists import rules_of

NUMBER = st.one_of(
    st.integers(0, 300).map(str),
    st.integers(0, 2**33).map(str),
    st.integers(0, 0o400).map(lambda n: f"0{n:o}"),
    st.integers(0, 300).map(lambda n: f"0x{n:x}"),
    st.text("0123456789abfx", max_size=4),
)
NUMERIC = st.lists(NUMBER, min_size=1, max_size=5).map(".".join)
COLONS = st.one_of(
    st.text("0123456789abcdefF:.", min_size=1, max_size=24).filter(lambda text: text.count(":") > 1),
    st.integers(0, 2**128 - 1).map(lambda n: socket.inet_ntop(socket.AF_INET6, n.to_bytes(16, "big"))),
)


def as_the_library_reads(text: str) -> tuple[int, int] | None:
    """Family and number, by getaddrinfo without looking anything up."""
    try:
        found = socket.getaddrinfo(text.encode(), None, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return None
    family, host = found[0][0], str(found[0][4][0])
    number = int.from_bytes(socket.inet_pton(family, host), "big")
    if family == socket.AF_INET:
        return 4, number
    return (4, number & 0xFFFFFFFF) if number >> 32 == 0xFFFF else (6, number)


@given(NUMERIC)
@example("192.168")
@example("10")
@example("0")
@example("010.0.0.1")
@example("192.168.1.08")
@example("255.255.255")
@example("4294967295")
@example("1.2.3.4.5")
@example("1.2.3.4 ")
@example("24.")
def test_ipv4_is_read_as_the_library_reads_it(text: str) -> None:
    parsed = parse_address(text)
    assert (None if isinstance(parsed, str) else parsed) == (as_the_library_reads(text) if text else None)


@given(COLONS)
@example("::")
@example("::ffff:192.0.2.1")
@example("1::2::3")
@example("::1.2.3.4")
def test_ipv6_is_read_as_the_library_reads_it(text: str) -> None:
    parsed = parse_address(text)
    assert (None if isinstance(parsed, str) else parsed) == as_the_library_reads(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" 10.0.0.1", "blank"),
        ("10.0.0.1 ", "blank"),
        ("10.0.0.1:5060", "port"),
        ("[::1]:5060", "port"),
        ("office-lan", "name"),
        ("all", "name"),
        ("192.168.1.*", "IPv4"),
        ("256.0.0.1", "too large"),
        ("1::2::3", "IPv6"),
    ],
)
def test_why_an_address_is_rejected(text: str, reason: str) -> None:
    parsed = parse_address(text)
    assert isinstance(parsed, str)
    assert reason in parsed


def test_brackets_are_taken_off() -> None:
    assert parse_address("[::1]") == (6, 1)


@pytest.mark.parametrize(
    ("text", "family", "expected"),
    [
        ("24", 4, 0xFFFFFF00),
        ("0", 4, 0),
        ("32", 4, 0xFFFFFFFF),
        ("24 and more", 4, 0xFFFFFF00),
        (" 8", 4, 0xFF000000),
        ("64", 6, (2**64 - 1) << 64),
        ("255.255.0.0", 4, 0xFFFF0000),
        ("255.255.255", 4, 0xFFFF00FF),
        ("0.0.0.255", 4, 0xFF),
        ("ffff::", 6, 0xFFFF << 112),
    ],
)
def test_a_mask(text: str, family: int, expected: int) -> None:
    assert parse_mask(text, family) == expected


@pytest.mark.parametrize(("text", "family"), [("33", 4), ("129", 6), ("-1", 4), ("", 4), ("x", 4), ("ffff::", 4)])
def test_a_mask_that_is_rejected(text: str, family: int) -> None:
    assert isinstance(parse_mask(text, family), str)


@given(st.sampled_from([4, 6]), st.data())
def test_a_prefix_has_its_length_and_reads_back(family: int, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, full_mask(family).bit_length()))
    mask = parse_mask(str(length), family)
    assert isinstance(mask, int)
    assert prefix_length(family, mask) == length
    assert format_mask(family, mask) == str(length)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_written_as_people_write_it(number: int) -> None:
    assert format_address(4, number) == socket.inet_ntoa(number.to_bytes(4, "big"))


def test_a_line_is_read_up_to_the_entry_that_cannot_be_read() -> None:
    rules, fault = rules_of("permit=10.0.0.0/8,!10.1.0.0/16, 192.168.1.1,172.16.0.1")
    assert [(rule.allow, rule.shown, rule.text) for rule in rules] == [
        (True, "10.0.0.0/8", "10.0.0.0/8"),
        (False, "10.1.0.0/16", "!10.1.0.0/16"),
    ]
    assert fault is not None
    assert fault.place.text == " 192.168.1.1"


def test_the_places_of_an_entry() -> None:
    (_, rule), _ = rules_of("deny=10.0.0.1,!10.1.0.0/255.255.0.0")
    assert rule.place.text == "!10.1.0.0/255.255.0.0"
    assert rule.literal_place is not None and rule.literal_place.text == "10.1.0.0"
    assert rule.mask_place is not None and rule.mask_place.text == "255.255.0.0"


def test_an_entry_that_does_not_stand_so_in_the_file_has_no_exact_place() -> None:
    (rule,), _ = rules_of("permit=10.0.0.0;-- old --;/8")
    assert (rule.shown, rule.literal_place, rule.mask_place) == ("10.0.0.0/8", None, None)


@pytest.mark.parametrize(
    ("entry", "plain"),
    [
        ("10.0.0.0/8", True),
        ("10.0.0.0/255.0.0.0", True),
        ("0.0.0.0/0.0.0.0", True),
        ("192.0.2.7", True),
        ("192.0.2.0/32", True),
        ("2001:db8::/32", True),
        ("2001:db8::1", True),
        ("192.0.2.0", False),
        ("0.0.0.0/32", False),
        ("10.1.2.3/8", False),
        ("192.168/16", False),
        ("192.168.001.0/24", False),
        ("192.168.1.0/255.255.255", False),
        ("192.168.1.0/0.0.0.255", False),
        ("2001:db8::", False),
    ],
)
def test_what_nobody_can_misread(entry: str, plain: bool) -> None:
    (rule,), _ = rules_of(f"permit={entry}")
    assert rule.plain is plain


def test_is_readable() -> None:
    assert is_readable("!10.0.0.0/8")
    assert not is_readable("10.0.0.0 /8")


# ------------------------------------------------------------------------------------ lists, held against a small world

WORLD = 8
STEP = 2**29
"""Eight addresses, a step apart, stand for all of IPv4: no rule below distinguishes between them and the next one."""


def rule(allow: bool, place: int, length: int) -> Rule:
    mask = parse_mask(str(length), 4)
    assert isinstance(mask, int)
    return Rule(allow, 4, place * STEP & mask, mask, "", str(length), True, cast("Any", None), 0, 0)


RULES = st.lists(st.builds(rule, st.booleans(), st.integers(0, WORLD - 1), st.integers(0, 3)), max_size=9)


def judged(rules: list[Rule]) -> list[bool]:
    """Every address of the world: the last rule that applies decides, without any the address passes."""
    decisions = [True] * WORLD
    for item in rules:
        for place in range(WORLD):
            if place * STEP & item.mask == item.network:
                decisions[place] = item.allow
    return decisions


@given(RULES)
def test_the_last_rule_that_applies_decides(rules: list[Rule]) -> None:
    assert [evaluate(rules, 4, place * STEP)[0] for place in range(WORLD)] == judged(rules)
    assert evaluate(rules, 6, 1) == (True, None)


@given(RULES)
def test_admits_nobody(rules: list[Rule]) -> None:
    assert admits_nobody(rules, 4) == (not any(judged(rules)))
    assert not admits_nobody(rules, 6)


def overlap(one: Rule, other: Rule) -> bool:
    return one.covers(other) or other.covers(one)


@given(RULES)
def test_cancelled_permits(rules: list[Rule]) -> None:
    expected = []
    for index, permit in enumerate(rules):
        denies = [j for j in range(index + 1, len(rules)) if not rules[j].allow and rules[j].covers(permit)]
        if (
            permit.allow
            and denies
            and not any(later.allow and overlap(later, permit) for later in rules[denies[-1] + 1 :])
        ):
            expected.append((index, denies[-1]))
    assert cancelled(rules) == expected


@given(RULES.filter(bool), st.data())
def test_a_difference_that_is_seen_is_one(rules: list[Rule], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(rules) - 1))
    other = rule(rules[index].allow, data.draw(st.integers(0, WORLD - 1)), data.draw(st.integers(0, 3)))
    now, then = judged(rules), judged([*rules[:index], other, *rules[index + 1 :]])
    found = difference(rules, index, other.network, other.mask)
    assert not found.refused or any(b and not a for a, b in zip(now, then, strict=True))
    assert not found.admitted or any(a and not b for a, b in zip(now, then, strict=True))


@pytest.mark.parametrize(
    ("lines", "index", "network", "expected"),
    [
        ("deny=0.0.0.0/0\npermit=192.168.1.0", 1, "192.168.1.0/24", Difference(True, False)),
        ("permit=192.168.1.0", 0, "192.168.1.0/24", Difference(False, False)),
        ("deny=0.0.0.0", 0, "0.0.0.0/0", Difference(False, True)),
        ("deny=0/0\npermit=192.168/16", 1, "192.168.0.0/16", Difference(True, True)),
        ("deny=0/0\npermit=10.0.0.0\npermit=10.0.0.0/8", 1, "10.0.0.0/8", Difference(False, False)),
    ],
)
def test_the_difference_a_reading_makes(lines: str, index: int, network: str, expected: Difference) -> None:
    rules, _ = rules_of(lines)
    (meant,), _ = rules_of(f"permit={network}")
    assert difference(rules, index, meant.network, meant.mask) == expected


@pytest.mark.parametrize(
    ("bind", "families"),
    [
        ("0.0.0.0", (4,)),
        ("10.0.0.1:5060", (4,)),
        ("::", (4, 6)),
        ("[::]:5060", (4, 6)),
        ("[2001:db8::1]:5060", (6,)),
        ("2001:db8::1", (6,)),
    ],
)
def test_families_of_a_bound_address(bind: str, families: tuple[int, ...]) -> None:
    assert bound_families(bind) == families
