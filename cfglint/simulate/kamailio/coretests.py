"""Tests of the old syntax: ``method == INVITE``, ``uri == myself``, ``src_ip == 10.0.0.0/8`` (core/route.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.simulate.kamailio import expressions
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, DEFAULT_TLS_PORT
from cfglint.simulate.kamailio.values import Unknown, Value, text_of
from cfglint.syntax.kamailio.nodes import CoreTest
from cfglint.syntax.kamailio.tokens import Number, String, Token, Word

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

TRANSPORTS = {"udp": 1, "tcp": 2, "tls": 3, "sctp": 4, "ws": 5, "wss": 6}
"""The numbers of core/ip_addr.h:enum sip_protos."""


def test(run: Run, node: CoreTest) -> Value:
    """1 or 0."""
    word, value = node.word.text, node.value
    if word == "myself":
        word, value = node.value.text, node.word
    operator = {"eq": "==", "ne": "!="}.get(node.operator.text, node.operator.text)
    found = _holds(run, word, "=~" if operator == "=~" else "==" if operator == "!=" else operator, value)
    if isinstance(found, Unknown):
        found = run.is_true(found.name, expected=False)
    return int(found != (operator == "!="))


def _holds(run: Run, word: str, operator: str, value: Any) -> bool | Unknown:
    message = run.message
    if word == "method":
        return _string(run, message.method, operator, value)
    if word in ("uri", "from_uri", "to_uri"):
        uris: dict[str, str | Unknown] = {
            "uri": run.uri,
            "from_uri": str(message.from_uri),
            "to_uri": str(message.to_uri),
        }
        written = uris[word]
        if isinstance(written, Unknown):
            return Unknown(f"{written.name} {operator} {value.place.text}")
        if _is_myself(value):
            uri = parse_uri(written)
            return uri is not None and is_own_uri(run, uri)
        return _string(run, written, operator, value)
    if word == "status":
        return _string(run, run.reply_in_hand, operator, value)
    if word == "src_ip":
        return _address(run, message.source.host, operator, value)
    if word == "dst_ip":
        return _address(run, message.destination.host if message.destination else None, operator, value)
    numbers: dict[str, int | None] = {
        "src_port": message.source_port,
        "dst_port": message.destination.port if message.destination else DEFAULT_PORT,
        "af": 10 if ":" in message.source.host else 2,
        "proto": TRANSPORTS.get(message.transport),
        "msg:len": message.length,
    }
    known = numbers.get(word)
    if known is None:
        return Unknown(f"{word} {operator} {value.place.text}")
    return _number(run, known, operator, value)


def is_own_uri(run: Run, uri: SipUri) -> bool:
    """Is the host of a URI this server, at the port it names or implies? Only ``transport=tls`` implies 5061, ``sips``
    does not (recorded)."""
    default = DEFAULT_TLS_PORT if uri.parameter("transport") == "tls" else DEFAULT_PORT
    return run.is_own(uri.host, uri.port or default)


def _is_myself(value: Any) -> bool:
    return isinstance(value, Token) and value.type == "MYSELF"


def _string(run: Run, subject: str | None, operator: str, value: Any) -> bool | Unknown:
    """Compared without regard to case (core/route.c:comp_str)."""
    other = value.text if isinstance(value, Word) else expressions.text(run, value)
    if subject is None or isinstance(other, Unknown):
        return Unknown(f"{'the reply' if subject is None else subject} {operator} {value.place.text}")
    if operator == "==":
        return subject.lower() == other.lower()
    try:
        return compiled(other, ignore_case=True).search(subject)
    except BadPattern:
        return False
    except Untold:
        return Unknown(f'"{subject}" =~ "{other}"')


def _number(run: Run, known: int, operator: str, value: Any) -> bool | Unknown:
    if isinstance(value, Token) and value.type in ("PROTOCOL", "WEB_PROTOCOL"):
        other: int | Unknown = TRANSPORTS[value.text.lower()]
    elif isinstance(value, Token) and value.type == "STAR":
        return True
    else:
        other = expressions.number(run, value)
    if isinstance(other, Unknown):
        return Unknown(f"{known} {operator} {other.name}")
    return {"==": known == other, "<": known < other, ">": known > other, "<=": known <= other, ">=": known >= other}[
        operator
    ]


def _address(run: Run, address: str | None, operator: str, value: Any) -> bool | Unknown:
    """An address against a network, a host name, or this server's own addresses (core/route.c:comp_ip)."""
    if address is None:
        return Unknown(f"the address that the client talks to {operator} {value.place.text}")
    if _is_myself(value):
        return run.is_own(address, 0)
    written = value.text if isinstance(value, Word | Number) else expressions.text(run, value)
    if isinstance(written, Unknown):
        return Unknown(f"{address} {operator} {written.name}")
    from ipaddress import ip_address, ip_network  # slow to import, rarely needed

    own = ip_address(address)
    try:
        return own in ip_network(text_of(written).replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        pass
    if operator == "=~" and isinstance(value, String):
        return _string(run, address, operator, value)
    resolved = run.setup.sockets.resolve(written)
    if resolved is None and not run.setup.world.complete:
        return Unknown(f"{written} resolves to {address}")
    return resolved == str(own)
