"""An address is none: a part of it is too large, or a protocol runs into it.

Why it matters: the parser reads four numbers up to 255 with dots between (core/cfg.y, rule ipv4) and a prefix of at
most 32 or 128 bits, and refuses the whole file for others. What is neither that nor a name that resolves cannot be
listened on (core/socket_info.c:fix_hostname), and the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    invalid ipv4 address
    invalid bit number in netmask
    could not resolve ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the colon behind the protocol. Otherwise none by itself: only its author knows which address was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, insert
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.items import Alias, Listen, SocketBlock
from cfglint.syntax.kamailio.nodes import CoreTest, walk
from cfglint.syntax.kamailio.tokens import Number, Token, Word

END = "request_route {\n    exit;\n}\n"

EXAMPLES = [
    Example(
        bad=f"listen=udp:«192.0.2.256»:5060\n{END}",
        good=f"listen=udp:192.0.2.25:5060\nlisten=eth0.100:5060\n{END}",
    ),
    Example(
        bad=f"listen=«udp192.0.2.1»:5060\n{END}",
        good=f"listen=udp:192.0.2.1:5060\nalias=udp192.example.org\n{END}",
        fixed=f"listen=udp:192.0.2.1:5060\n{END}",
    ),
    Example(
        bad="request_route {\n    if (src_ip == «192.0.2.0/33» || src_ip == «2001:db8::/129») exit;\n}\n",
        good="request_route {\n    if (src_ip == 192.0.2.0/255.255.255.0 || src_ip == 2001:db8::/64) exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    if (src_ip == «5») exit;\n}\n",
        good="request_route {\n    if (src_port == 5 && dst_ip == 192.0.2.5) exit;\n}\n",
    ),
]

_QUAD = r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+"
_IPV4 = rf"(?P<address>{_QUAD})(?:/(?:(?P<mask>{_QUAD})|(?P<bits>[0-9]+)))?"
_IPV6_BITS = r"\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*\]?/(?P<bits>[0-9]+)"
_RUN_TOGETHER = rf"(?P<protocol>udp|tcp|tls|sctp){_QUAD}"
_ADDRESS_TESTS = ("src_ip", "dst_ip", "snd_ip", "to_ip")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    tops = [item for item in kamailio.file.items if isinstance(item, Listen | Alias | SocketBlock)]
    words = [node for node in walk(tops) if isinstance(node, Word)]
    words += [located.node for located in kamailio.nodes(Word)]
    for word in words:
        fault = _fault(word.text)
        if fault is not None:
            yield Defect(word.place, f"{fault}: the server refuses the file")
    for test in (located.node for located in kamailio.nodes(CoreTest)):
        if test.word.text in _ADDRESS_TESTS and isinstance(test.value, Number):
            yield Defect(test.value.place, f"'{test.word.text}' is compared with an address, and this is none")
    for name in (name for item in tops if isinstance(item, Listen) for s in item.sockets for name in s.addresses):
        match = re.fullmatch(_RUN_TOGETHER, name.text)
        if match is not None:
            text = f"nothing resolves to this: a colon is missing behind '{match['protocol']}'"
            yield Defect(name.place, text, subject=(name, len(match["protocol"])), category="load")
        elif isinstance(name, Number):
            yield Defect(name.place, "this is neither an address nor a name that resolves", category="load")


def _fault(text: str) -> str | None:
    match = re.fullmatch(_IPV4, text)
    if match is None:
        match = re.fullmatch(_IPV6_BITS, text)
        return "an IPv6 prefix has 128 bits at most" if match is not None and _exceeds(match["bits"], 128) else None
    quads = [match["address"], *([match["mask"]] if match["mask"] else [])]
    if any(_exceeds(number, 255) for quad in quads for number in quad.split(".")):
        return "no part of an IPv4 address is larger than 255"
    bits = match["bits"]
    return "an IPv4 prefix has 32 bits at most" if bits is not None and _exceeds(bits, 32) else None


def _exceeds(number: str, limit: int) -> bool:
    """Is it more, read as decimal? Behind a leading zero it would be octal."""
    value = decimal(number) if number == "0" or not number.startswith("0") else 0
    return value is None or value > limit


def fix(subject: tuple[Token, int]) -> Fix | None:
    name, length = subject
    if name.place.text != name.text:
        return None
    return Fix("put a colon behind the protocol", (insert(name.home.source, name.start + length, ":"),), SAFE)


CHECK = Check(find, level="error", category="syntax", fix=fix)
