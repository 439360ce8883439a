"""What an ``identify`` of pjsip.conf takes for its endpoint (res_pjsip_endpoint_identifier_ip.c)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from cfglint.model.addresses import full_mask, parse_address, parse_mask
from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.resolve.asterisk import Option
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.model.pjsip.objects import Object

_NAME = re.compile(r"(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*\.?", re.ASCII)
"""A host's name: its last part has a letter, otherwise it would be an address."""

_HOST = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[^:]*))(?::(?P<port>\d+))?")


def split_host(text: str) -> tuple[str, int | None]:
    """Host and port of ``host``, ``host:port``, ``[v6]``, ``[v6]:port`` and a bare IPv6 address."""
    text = text.strip()
    if text.count(":") > 1 and not text.startswith("["):
        return text, None
    found = _HOST.fullmatch(text)
    if found is None:
        return text, None
    return found["v6"] or found["v4"] or "", decimal(found["port"] or "")


class Match(NamedTuple):
    """One entry of a ``match`` line: a network, or the name of a host (then `family` is 0 until it is resolved)."""

    option: Option
    start: int
    end: int
    excluded: bool
    """Begins with ``!``, which only an entry with a mask can."""
    name: str
    family: int
    network: int
    mask: int
    port: int | None

    @property
    def place(self) -> Place:
        """The entry in the file."""
        return self.option.part_place(self.start, self.end)

    @property
    def text(self) -> str:
        """The entry as written."""
        return self.option.value[self.start : self.end]

    @property
    def last(self) -> int:
        """The highest address of the network."""
        return self.network | (full_mask(self.family) ^ self.mask)

    def takes(self, family: int, address: int, port: int | None) -> bool:
        """Does it apply to a source? A port None stands for any."""
        return (
            family == self.family
            and address & self.mask == self.network
            and (self.port is None or port is None or port == self.port)
        )


def read_matches(option: Option) -> Iterator[Match | str]:
    """The entries of one ``match`` line (ip_identify_match_handler); a text says why the server drops the object."""
    start = 0
    for item in option.value.split(","):
        text = item.strip()
        at = start + len(item) - len(item.lstrip())
        start += len(item) + 1
        if text:
            yield _read(option, at, text)


def _read(option: Option, start: int, text: str) -> Match | str:
    end = start + len(text)
    literal, slash, mask_text = text.partition("/")
    if not slash:
        host, port = split_host(literal)
        parsed = parse_address(host)
        if isinstance(parsed, str):
            if not _NAME.fullmatch(host):
                return f"holds {text!r}, which is neither an address nor a name that could resolve"
            return Match(option, start, end, False, host, 0, 0, 0, port)
        family, address = parsed
        return Match(option, start, end, False, "", family, address, full_mask(family), port)
    host, port = split_host(literal.removeprefix("!"))
    parsed = parse_address(host)
    if isinstance(parsed, str):
        return f"holds {text!r}, which {parsed}"
    family, address = parsed
    mask = parse_mask(mask_text, family)
    if isinstance(mask, str):
        return f"holds {text!r}, which {mask}"
    return Match(option, start, end, literal.startswith("!"), "", family, address & mask, mask, port)


def matches(identify: Object) -> list[Match]:
    """The entries of an object that loads, in the order in which they count: names come last."""
    found = [m for option in identify.all("match") for m in read_matches(option) if not isinstance(m, str)]
    return [m for m in found if not m.name] + [m for m in found if m.name]


def taken_by(
    entries: list[Match], family: int, address: int, port: int | None, hosts: Mapping[str, str] | None = None
) -> Match | None:
    """The entry that claims a source, None where none does, or a later one takes it out again: the last one decides."""
    decider = None
    for entry in entries:
        if entry.name:
            resolved = parse_address((hosts or {}).get(entry.name, ""))
            if isinstance(resolved, str):
                continue
            entry = entry._replace(family=resolved[0], network=resolved[1], mask=full_mask(resolved[0]))
        if entry.takes(family, address, port):
            decider = entry
    return None if decider is None or decider.excluded else decider
