"""Addresses and the rule lists made of them, as main/acl.c reads and applies them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.resolve.asterisk import Option

BITS = {4: 32, 6: 128}

_FULL = r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})"


class Rule(NamedTuple):
    """One entry of a permit or deny line: it applies to addresses of `family` with ``address & mask == network``."""

    allow: bool
    family: int
    network: int
    mask: int
    literal: str
    """The address as written, without ``!`` and mask."""
    mask_text: str | None
    plain: bool
    """Written so that nobody can misread it: in full, with a mask that is a prefix, and no bits behind the mask."""
    option: Option
    start: int
    """Where the entry begins in the option's value."""
    end: int

    @property
    def place(self) -> Place:
        """The entry in the file."""
        return self.option.part_place(self.start, self.end)

    @property
    def text(self) -> str:
        """The entry as written."""
        return self.option.value[self.start : self.end]

    @property
    def literal_place(self) -> Place | None:
        """The address in the file, None where it does not stand there as one piece."""
        start = self.start + self.text.startswith("!")
        return self._exact(start, self.literal)

    @property
    def mask_place(self) -> Place | None:
        """The mask behind the slash in the file, None where there is none, or where it is not in one piece."""
        return None if self.mask_text is None else self._exact(self.end - len(self.mask_text), self.mask_text)

    def _exact(self, start: int, text: str) -> Place | None:
        place = self.option.part_place(start, start + len(text))
        return place if place.text == text else None

    @property
    def address(self) -> int:
        """The number of the address as written, bits behind the mask included."""
        parsed = parse_address(self.literal)
        assert not isinstance(parsed, str)
        return parsed[1]

    @property
    def everybody(self) -> bool:
        """Does it apply to every address of its family?"""
        return self.mask == 0

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
    entries, fault = _entries(option.value, allow)
    rules = [Rule(*head, option, start, end) for head, start, end in entries]
    return rules, None if fault is None else Fault(option, *fault)


_Head = tuple[bool, int, int, int, str, str | None, bool]


@lru_cache(maxsize=1 << 16)
def _entries(value: str, allow: bool) -> tuple[list[tuple[_Head, int, int]], tuple[int, int, str] | None]:
    """The entries of a line and the first that cannot be read; thousands of accounts share a few values."""
    entries: list[tuple[_Head, int, int]] = []
    start = 0
    for item in value.split(","):
        end = start + len(item)
        head = _entry(item, allow)
        if isinstance(head, str):
            return entries, (start, end, head)
        entries.append((head, start, end))
        start = end + 1
    return entries, None


def _entry(item: str, allow: bool) -> _Head | str:
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
    text = mask_text if slash else None
    return allow, family, address & mask, mask, literal, text, _is_plain(literal, text, family, address, mask)


def _is_plain(literal: str, mask_text: str | None, family: int, address: int, mask: int) -> bool:
    if address & ~mask or prefix_length(family, mask) is None:
        return False
    if mask == full_mask(family) and (not address or (mask_text is None and not address & _LAST_PART[family])):
        return False  # reads like a network, and is a single address
    return family == 6 or (literal == format_address(4, address) and not is_abbreviated(mask_text or ""))


_LAST_PART = {4: 0xFF, 6: 0xFFFF}


def is_abbreviated(text: str) -> bool:
    """Is it a number of fewer than four parts with dots between them, such as ``192.168`` and ``255.255.255``?"""
    return 0 < text.count(".") < 3 and ":" not in text


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
    if text.startswith("["):  # main/netsock2.c:ast_sockaddr_split_hostport
        text, _, port = text[1:].partition("]")
        if port.startswith(":"):
            return "has a port"
    elif text.count(":") == 1:
        return "has a port"
    full = re.fullmatch(_FULL, text)
    if full is not None:
        a, b, c, d = map(int, full.groups())
        if a < 256 and b < 256 and c < 256 and d < 256:
            return 4, a << 24 | b << 16 | c << 8 | d
    if ":" in text:
        return _ipv6(text)
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


def _ipv6(text: str) -> tuple[int, int] | str:
    from ipaddress import AddressValueError, IPv6Address  # slow to import, rarely needed

    try:
        value = int(IPv6Address(text.partition("%")[0]))
    except AddressValueError:
        return "is no IPv6 address"
    return (4, value & 0xFFFFFFFF) if value >> 32 == 0xFFFF else (6, value)


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
    length = decimal(found.group(1)) if found else None
    if length is None or not 0 <= length <= BITS[family]:
        return f"has a mask that is not between 0 and {BITS[family]}"
    return full_mask(family) ^ full_mask(family) >> length


def prefix_length(family: int, mask: int) -> int | None:
    """The length of a mask whose ones all stand in front, else None."""
    ones = mask.bit_count()
    return ones if mask == full_mask(family) ^ full_mask(family) >> ones else None


def format_address(family: int, value: int) -> str:
    """An address as people write it."""
    if family == 4:
        return f"{value >> 24}.{value >> 16 & 255}.{value >> 8 & 255}.{value & 255}"
    from ipaddress import IPv6Address  # slow to import, rarely needed

    return str(IPv6Address(value))


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
    """Is every address of a family refused?

    From the last rule to the first, as the last one decides: nobody gets in if the denies have taken every address
    before a permit, or the default, takes one. A deny whose mask is no prefix is left out: it takes no stretch.
    """
    taken = _Stretches()
    for rule in reversed(rules):
        if rule.family != family:
            continue
        if rule.allow and not taken:
            return False
        first, last = rule.network, rule.network | (full_mask(family) ^ rule.mask)
        if rule.allow:
            if not taken.holds(first, last):
                return False
        elif rule.mask == 0:
            return True
        elif prefix_length(family, rule.mask) is not None:
            taken.add(first, last)
    return taken.holds(0, full_mask(family))


class _Stretches:
    """A set of addresses as stretches that neither touch nor overlap, in order."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._firsts)

    def holds(self, first: int, last: int) -> bool:
        at = bisect_right(self._firsts, first) - 1
        return at >= 0 and last <= self._lasts[at]

    def add(self, first: int, last: int) -> None:
        low, high = bisect_left(self._lasts, first - 1), bisect_right(self._firsts, last + 1)
        if low < high:
            first, last = min(first, self._firsts[low]), max(last, self._lasts[high - 1])
        self._firsts[low:high], self._lasts[low:high] = [first], [last]


def cancelled(rules: Sequence[Rule]) -> list[tuple[int, int]]:
    """Permits of which a later deny leaves nothing, each with the last such deny, by index and in order.

    A permit is left out where a rule behind the deny lets some of its addresses through again: then the deny narrows or
    restates it.
    """
    first = next((index for index, rule in enumerate(rules) if rule.allow), len(rules))
    if all(rule.allow for rule in rules[first:]):
        return []
    # By family and mask, network to the index of the last rule: so many masks are few, however many rules there are.
    denies: dict[tuple[int, int], dict[int, int]] = {}
    permits: dict[tuple[int, int], dict[int, int]] = {(rule.family, rule.mask): {} for rule in rules if rule.allow}
    around: dict[tuple[int, int], dict[int, int]] = {key: {} for key in permits}
    found = []
    for index in range(len(rules) - 1, -1, -1):
        rule = rules[index]
        key = rule.family, rule.mask
        if not rule.allow:
            denies.setdefault(key, {}).setdefault(rule.network, index)
            continue
        deny = _last_cover(denies, rule)
        if deny >= 0 and deny > max(_last_cover(permits, rule), around[key].get(rule.network, -1)):
            found.append((index, deny))
        permits[key].setdefault(rule.network, index)
        for (family, mask), inside in around.items():
            if family == rule.family and mask & rule.mask == mask:
                inside.setdefault(rule.network & mask, index)
    return found[::-1]


def _last_cover(by_mask: dict[tuple[int, int], dict[int, int]], rule: Rule) -> int:
    """Index of the last of the rules that cover one, -1 without any."""
    return max(
        (
            networks.get(rule.network & mask, -1)
            for (family, mask), networks in by_mask.items()
            if family == rule.family and mask & rule.mask == mask
        ),
        default=-1,
    )


class Difference(NamedTuple):
    """How a list with one rule read differently would judge."""

    refused: bool
    """Somebody is refused whom the other reading lets in."""
    admitted: bool
    """Somebody is let in whom the other reading refuses."""


MAX_WEIGHED = 500
"""In longer lists a rule is not weighed against the others, which takes time in proportion to their number."""


def difference(rules: Sequence[Rule], index: int, network: int, mask: int) -> Difference:
    """What it changes that rule `index` applies to what it applies to, and not to ``network/mask`` as it reads.

    Judged at the edges of both networks.
    """
    rule = rules[index]
    other = rule._replace(network=network & mask, mask=mask)
    if len(rules) > MAX_WEIGHED:
        return Difference(rule.allow, not rule.allow)
    full = full_mask(rule.family)
    points: set[int] = set()
    for first, last in ((r.network, r.network | (full ^ r.mask)) for r in (rule, other)):
        points.update(point for point in (first - 1, first, first + 1, last - 1, last, last + 1) if 0 <= point <= full)
    refused = admitted = False
    for point in points:
        if rule.matches(rule.family, point) != other.matches(rule.family, point):
            now = evaluate(rules, rule.family, point)[0]
            then = evaluate([*rules[:index], other, *rules[index + 1 :]], rule.family, point)[0]
            refused, admitted = refused or then > now, admitted or now > then
    return Difference(refused, admitted)


def bound_families(bind: str) -> tuple[int, ...]:
    """Families whose packets reach a socket bound to an address, with or without port: ``::`` takes IPv4, too."""
    if bind.count(":") < 2:
        return (4,)
    host = bind.partition("]")[0].strip("[ ")
    return (4, 6) if host in ("::", "0::0", "0:0:0:0:0:0:0:0") else (6,)


def is_readable(entry: str) -> bool:
    """Can the server read an entry of a permit or deny line?"""
    return not isinstance(_entry(entry, True), str)
