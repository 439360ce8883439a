"""Addresses and the rule lists made of them, as main/acl.c reads and applies them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

from cfglint.resolve.asterisk import Option
from cfglint.source import Place

BITS = {4: 32, 6: 128}


class Rule(NamedTuple):
    """One entry of a permit or deny line: it applies to addresses of `family` with ``address & mask == network``."""

    allow: bool
    family: int
    network: int
    mask: int
    literal: str
    """The address as written, without ``!`` and mask."""
    mask_text: str | None
    option: Option
    start: int
    """Where the entry begins in the option's value."""
    end: int

    @property
    def place(self) -> Place:
        """The entry in the file."""
        return self.option.part_place(self.start, self.end)

    def matches(self, family: int, address: int) -> bool:
        """Does the rule apply to an address?"""
        return family == self.family and address & self.mask == self.network

    def covers(self, other: Rule) -> bool:
        """Does it apply to every address that `other` applies to?"""
        return (
            self.family == other.family
            and self.mask & other.mask == self.mask
            and (other.network & self.mask == self.network)
        )

    @property
    def shown(self) -> str:
        """What it really stands for, such as ``192.0.0.168/32``."""
        return f"{format_address(self.family, self.network)}/{format_mask(self.family, self.mask)}"


class Fault(NamedTuple):
    """An entry that main/acl.c:append_ha_core cannot read; the rest of its line is not read either."""

    option: Option
    start: int
    end: int
    reason: str

    @property
    def place(self) -> Place:
        """The entry in the file."""
        return self.option.part_place(self.start, self.end)


def read_rules(option: Option, allow: bool) -> tuple[list[Rule], Fault | None]:
    """The rules of one permit or deny line."""
    rules: list[Rule] = []
    start = 0
    for item in option.value.split(","):
        end = start + len(item)
        rule = _read_rule(item, allow, option, start, end)
        if isinstance(rule, str):
            return rules, Fault(option, start, end, rule)
        rules.append(rule)
        start = end + 1
    return rules, None


def _read_rule(item: str, allow: bool, option: Option, start: int, end: int) -> Rule | str:
    literal, slash, mask_text = item.partition("/")
    if literal.startswith("!"):
        literal, allow = literal[1:], not allow
    parsed = parse_address(literal)
    if isinstance(parsed, str):
        return parsed
    family, address = parsed
    mask = parse_mask(mask_text, family) if slash else full_mask(family)
    if isinstance(mask, str):
        return mask
    return Rule(allow, family, address & mask, mask, literal, mask_text if slash else None, option, start, end)


def full_mask(family: int) -> int:
    """The mask of a single host."""
    return (1 << BITS[family]) - 1


def parse_address(text: str) -> tuple[int, int] | str:
    """Family and number of an address without port, or why the server rejects it.

    As numeric getaddrinfo reads IPv4: one to four parts, octal with a leading zero, hexadecimal with 0x; an IPv4-mapped
    IPv6 address counts as IPv4.
    """
    if not text:
        return "is empty"
    if text != text.strip():
        return "has a blank in front of or behind the address"
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    elif text.count(":") == 1 or text.startswith("["):
        return "has a port"
    if ":" in text:
        try:
            value = int(IPv6Address(text.partition("%")[0]))
        except AddressValueError:
            return "is no IPv6 address"
        return (4, value & 0xFFFFFFFF) if value >> 32 == 0xFFFF else (6, value)
    parts = [_part(part) for part in text.split(".")]
    if None in parts:
        return "is no address (names are not looked up here)" if re.search("[g-zG-Z]", text) else "is no IPv4 address"
    numbers = [part for part in parts if part is not None]
    last = numbers.pop()
    if len(numbers) > 3 or any(n > 255 for n in numbers) or last >= 1 << 8 * (4 - len(numbers)):
        return "is no IPv4 address: a part is too large, or there are too many"
    for index, part in enumerate(numbers):
        last |= part << 24 - 8 * index
    return 4, last


def _part(text: str) -> int | None:
    if re.fullmatch("0[xX][0-9a-fA-F]+", text):
        return int(text, 16)
    if re.fullmatch("0[0-7]*", text):
        return int(text, 8)
    return int(text) if re.fullmatch("[1-9][0-9]{0,9}", text) else None


def parse_mask(text: str, family: int) -> int | str:
    """A mask after the slash: a prefix length (text behind the number is ignored), or written as an address."""
    if ":" in text or "." in text:
        parsed = parse_address(text)
        if isinstance(parsed, str):
            return f"has a mask that {parsed}"
        if parsed[0] != family:
            return "mixes an IPv4 and an IPv6 part"
        return parsed[1]
    found = re.match(r"\s*([+-]?[0-9]+)", text)
    length = int(found.group(1)) if found else -1
    if not 0 <= length <= BITS[family]:
        return f"has a mask that is not between 0 and {BITS[family]}"
    return full_mask(family) ^ full_mask(family) >> length


def prefix_length(family: int, mask: int) -> int | None:
    """The length of a mask whose ones all stand in front, else None."""
    ones = mask.bit_count()
    return ones if mask == full_mask(family) ^ full_mask(family) >> ones else None


def format_address(family: int, value: int) -> str:
    """An address as people write it."""
    return str(IPv4Address(value) if family == 4 else IPv6Address(value))


def format_mask(family: int, mask: int) -> str:
    """A mask as prefix length, or as an address when it is none."""
    length = prefix_length(family, mask)
    return format_address(family, mask) if length is None else str(length)


def evaluate(rules: Iterable[Rule], family: int, address: int) -> tuple[bool, Rule | None]:
    """Is an address let through, and by which rule? The last rule that applies wins, none of them means yes
    (main/acl.c:ast_apply_ha)."""
    decision, decider = True, None
    for rule in rules:
        if rule.matches(family, address):
            decision, decider = rule.allow, rule
    return decision, decider


def admits_nobody(rules: Sequence[Rule], family: int) -> bool:
    """Is every address of a family refused?"""
    own = [rule for rule in rules if rule.family == family]
    if all(rule.allow for rule in own):
        return False
    points = {0, full_mask(family)}
    for rule in own:
        # Where a rule begins and ends to apply, and the addresses beside: between these nothing changes.
        first, last = rule.network, rule.network | (full_mask(family) ^ rule.mask)
        points.update(p for p in (first, last, first - 1, last + 1) if 0 <= p <= full_mask(family))
    return not any(evaluate(own, family, point)[0] for point in points)
