"""The lines of an address file of Kamailio's module permissions: ``GROUP ADDRESS [MASK [PORT [TAG]]]``.

They are taken apart as permissions/address.c:reload_address_file_table does: a number ends at the first other
character, and what comes behind it is the next field, with or without a blank between. Only the first 1023 bytes of a
line belong together there; longer lines are not met in practice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.source import Place, Source, place

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    Address = IPv4Address | IPv6Address


class Field(NamedTuple):
    """What stands in a field, and where."""

    text: str
    place: Place

    @property
    def number(self) -> int:
        """The value, of a field that is a number."""
        return decimal(self.text) or 0


class AddressLine(NamedTuple):
    """A line that is no comment; without an address the server gives up on the whole file."""

    place: Place
    group: Field
    address: Field | None
    mask: Field | None
    port: Field | None
    tag: Field | None

    @property
    def ip(self) -> Address | None:
        """The address; None for anything else, which the server takes for the name of a host."""
        from ipaddress import ip_address  # slow to import, rarely needed

        if self.address is None:
            return None
        try:
            return ip_address(self.address.text.removeprefix("[").removesuffix("]"))
        except ValueError:
            return None

    @property
    def length(self) -> int:
        """The length of the prefix in bits; 0 stands for the whole address."""
        return self.mask.number if self.mask is not None else 0


_LINE = re.compile(
    r"[ \t\r]*(?P<group>[0-9]*)[ \t\r]*(?:(?P<address>[^ \t\r#]+)[ \t\r]*"
    r"(?:(?P<mask>[0-9]*)[ \t\r]*(?:(?P<port>[0-9]*)[ \t\r]*(?P<tag>[^ \t\r#]*))?)?)?"
)


def address_lines(source: Source) -> Iterator[AddressLine]:
    """The lines of an address file, comments and empty ones left out."""
    offset = 0
    for line in source.text.split("\n"):
        begin, offset = offset, offset + len(line) + 1
        content = line.partition("#")[0].rstrip(" \t\r")
        if not content.strip(" \t\r"):
            continue
        match = _LINE.match(content)
        assert match is not None, "everything in it is optional"
        fields = {
            name: Field(text, place(source, begin + match.start(name), begin + match.end(name)))
            for name, text in match.groupdict().items()
            if text is not None and (text or name == "group")
        }
        whole = place(source, begin + len(content) - len(content.lstrip(" \t\r")), begin + len(content))
        yield AddressLine(whole, fields["group"], *map(fields.get, ("address", "mask", "port", "tag")))
