"""A line of the address file does not mean what it seems to mean.

Why it matters: permissions/address.c takes the third column for the length of a prefix: a dotted mask such as
255.255.255.0 is a length of 255, and the server does not start. 0, or nothing, is the whole address. What is no
address, one with a slash in it, too, is the name of a host, which allow_source_address() never finds. A port other than
0 must be the one that a request is sent from. A group of 0 that allow_source_address_group() returns ends the script.

Client sees: a phone or carrier that the line is about, where the script refuses strangers: REGISTER -> 403; the same
for calls: INVITE -> 403

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The file lists the address.

Does not help: a reload: the line is read as before; a password: none was asked for.

Fix: GROUP ADDRESS LENGTH, with blanks between. Safe where the line itself says what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import BY_ADDRESS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.address_file import AddressLine, Field, address_lines
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span

from ._permissions import address_file

if TYPE_CHECKING:
    from cfglint.model.kamailio.address_file import Address

CONFIG = (
    'loadmodule "permissions"\nmodparam("permissions", "address_file", "/etc/kamailio/address.list")\n'
    'request_route {\n    if (!allow_source_address("1")) exit;\n}\n'
)

EXAMPLES = [
    Example(
        bad={"kamailio.cfg": CONFIG, "address.list": "# office\n1 192.0.2.0 «255.255.255.0»\n"},
        good={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.0 24 0 office\n\n2 2001:db8::1\n"},
        fixed={"kamailio.cfg": CONFIG, "address.list": "# office\n1 192.0.2.0 24\n"},
    ),
    Example(
        bad={"kamailio.cfg": CONFIG, "address.list": "1 «192.0.2.0/24» # office\n"},
        good={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.5\n"},
        fixed={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.0 24 # office\n"},
    ),
    Example(
        bad={"kamailio.cfg": CONFIG, "address.list": "1 «pbx.example.org»\n1 «0.0.0.0» 0\n1 «192.0.2.0»\n«1»\n"},
        good={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.0 32\n"},
    ),
    Example(
        bad={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.1 32 «5060»\n"},
        good={"kamailio.cfg": CONFIG, "address.list": "1 192.0.2.1 32 0\n"},
    ),
    Example(
        bad={"kamailio.cfg": CONFIG.replace('address("1")', "address_group()"), "address.list": "«0» 192.0.2.1\n"},
        good={"kamailio.cfg": CONFIG.replace('address("1")', "address_group()"), "address.list": "1 192.0.2.1\n"},
    ),
]


class Meant(NamedTuple):
    """A place, and what was meant there."""

    place: Place
    text: str


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = address_file(kamailio)
    path = setting.text if setting is not None else None
    source = kamailio.data.file(path) if path and kamailio.data is not None else None
    if source is None or "permissions" not in kamailio.loaded:
        return
    names = any(located.call.name.startswith("allow_address") for located in kamailio.calls_of(*BY_ADDRESS))
    groups = bool(kamailio.calls_of("allow_source_address_group", "allow_address_group"))
    for line in address_lines(source):
        if line.address is None:
            text = "this line names no address, and the server does not start"
            yield Defect(line.place, text, level="error", category="load")
        elif line.ip is not None:
            yield from _address(line, line.address, line.ip)
        elif not names:
            yield _host_name(line.address)
        if groups and line.group.number == 0 and line.ip is not None:
            text = "a function that returns group 0 ends the script: who comes from here gets no answer at all"
            yield Defect(line.group.place, text)


def _host_name(address: Field) -> Defect:
    written, _, length = address.text.partition("/")
    if not length:
        message = f"'{address.text}' is taken for the name of a host, and never found: no name is looked up"
        return Defect(address.place, message)
    message = f"'{address.text}' is taken for the name of a host, and never found: a blank stands before the length"
    meant = Meant(address.place, f"{written} {length}") if length.isdecimal() and int(length) else None
    return Defect(address.place, message, subject=meant)


def _address(line: AddressLine, address: Field, ip: Address) -> Iterator[Defect]:
    if line.mask is not None and line.length > ip.max_prefixlen:
        word = _word(line.mask.place)
        length = _length(word.text) if ip.version == 4 else None
        message = f"{line.length} is no length of a prefix, and the server does not start"
        yield Defect(word, message, (), length and Meant(word, length), "error", "load")
    elif line.length == 0 and int(ip) == 0:
        yield Defect(address.place, f"only the address {ip} itself is meant by this, not all addresses")
    elif line.length == 0 and int(ip) & 0xFF == 0:
        yield Defect(address.place, f"only the address {ip} itself is meant by this, not its network")
    if line.port is not None and line.port.number:
        message = "only requests that are sent from this port are found: not those over TCP, nor from behind a NAT"
        yield Defect(line.port.place, message, level="info")


def _word(start: Place) -> Place:
    """All up to the next blank."""
    text, end = start.source.text, start.span.end
    while end < len(text) and text[end] not in " \t\r\n#":
        end += 1
    return Place(start.source, Span(start.span.start, end))


def _length(mask: str) -> str | None:
    """The length of a dotted mask."""
    from ipaddress import IPv4Network  # slow to import, rarely needed

    try:
        return str(IPv4Network(f"0.0.0.0/{mask}").prefixlen)
    except ValueError:
        return None


def fix(meant: Meant) -> Fix | None:
    return Fix("write the length of the prefix", (replace(meant.place, meant.text),), SAFE)


CHECK = Check(find, level="warning", category="answer", fix=fix)
