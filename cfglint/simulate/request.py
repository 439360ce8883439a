"""Requests that clients send, as a requests file or the command line describes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cfglint.errors import UsageProblem
from cfglint.model.addresses import parse_address
from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal

METHODS = (
    *("REGISTER", "INVITE", "SUBSCRIBE", "MESSAGE", "OPTIONS", "PUBLISH", "NOTIFY", "INFO", "REFER"),
    *("UPDATE", "PRACK", "BYE", "CANCEL", "ACK"),
)
TRANSPORTS = ("udp", "tcp", "tls", "ws", "wss")


class Uri(NamedTuple):
    """``sip:user@host:port``; the user is empty and the port None where they are missing."""

    scheme: str
    user: str
    host: str
    port: int | None
    parameters: str = ""
    """What follows a semicolon."""

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}:{user}{host}{port}"


def parse_uri(text: str) -> Uri:
    """A SIP URI, with or without ``sip:``; an angle bracket around it is taken off."""
    text = text.strip()
    if "<" in text:
        text = text.partition("<")[2].partition(">")[0]
    scheme = "sip"
    found = re.match(r"(sips?|tel):", text, re.IGNORECASE)
    if found:
        scheme, text = found.group(1).lower(), text[found.end() :]
    user, at, rest = text.rpartition("@")
    match = re.match(r"(?P<host>\[[^\]]*\]|[^:;?>]*)(?::(?P<port>\d+))?(?:;(?P<more>[^?>]*))?", rest if at else text)
    assert match is not None
    port = match.group("port")
    return Uri(scheme, user, match.group("host").strip("[]"), decimal(port or ""), match.group("more") or "")


class Endpoint(NamedTuple):
    """An IP address and a port."""

    host: str
    port: int

    @property
    def number(self) -> tuple[int, int]:
        """Family and number of the address."""
        parsed = parse_address(self.host)
        assert not isinstance(parsed, str)
        return parsed

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


FIRST_PORT = 40_000
"""Clients that do not say send from a port above this one."""

KNOWN = "\0known"
"""A password that stands for the right one, whatever it is."""
DIGESTED = "\0digested"
"""A password that stands for the one a stored digest was made of, and for no other."""
WRONG = "\0wrong"
"""A password that nobody has."""


class Request(NamedTuple):
    """One request and the client that sends it.

    `password` None: the client does not answer a challenge; `KNOWN`: it knows the right one.
    """

    id: str
    method: str
    from_: Uri
    to: Uri
    request_uri: Uri
    auth_user: str | None = None
    password: str | None = None
    realm: str | None = None
    algorithms: tuple[str, ...] | None = None
    """The digest algorithms that the client knows; None: those of a usual one."""
    nonce: str | None = None
    strict: bool = False
    source: Endpoint = Endpoint("192.0.2.1", 5060)
    ephemeral: bool = False
    """Was no source port given? Then it is any but that of a server, and another one for every request: `sent_from`."""
    destination: Endpoint | None = None
    transport: str = "udp"
    contact: Uri | None = None
    rport: bool = True
    expires: int | None = None
    event: str | None = None
    codecs: tuple[str, ...] = ("ulaw",)
    headers: Mapping[str, str] = {}
    max_forwards: int = 70
    to_tag: bool = False
    route: str | None = None
    in_dialog: tuple[str, ...] = ()
    times: int = 1
    hold: bool = False
    wait: float = 0
    restart: bool = False
    legit: bool = True
    body: str | None = None
    content_type: str | None = None

    def sent_from(self, number: int) -> Request:
        """The same request as the client sends it that has sent so many; one that says no port takes a new one."""
        return self._replace(source=self.source._replace(port=FIRST_PORT + number)) if self.ephemeral else self

    @property
    def sent_contact(self) -> str:
        """The URI in Contact: where the client listens, unless the request says otherwise."""
        if self.contact is not None:
            return str(self.contact)
        transport = "" if self.transport == "udp" else f";transport={self.transport}"
        user = f"{self.from_.user}@" if self.from_.user else ""
        return f"sip:{user}{self.source}{transport}"


class Peer(NamedTuple):
    """A server behind the one under test, and the statuses it answers: by method, one after the other; the last one
    repeats, ``default`` is for all other methods."""

    at: Endpoint
    answers: Mapping[str, tuple[int, ...]] = {}


class World(NamedTuple):
    """What is around the server: names that resolve, servers behind it with the statuses they answer."""

    hosts: Mapping[str, str] = {}
    """Name to address; no other name resolves."""
    peers: tuple[Peer, ...] = ()
    complete: bool = False
    """Is this all there is? Otherwise servers that are not named are taken to exist and to answer 200."""
    defines: Mapping[str, str | None] = {}
    """The names that Kamailio's command line defines (``-A NAME=VALUE``)."""


def read_requests(data: Any, where: str) -> tuple[list[Request], World]:
    """Requests and their world from a requests file's data; raises `UsageProblem` naming the field."""
    if isinstance(data, list):
        data = {"requests": data}
    if not isinstance(data, Mapping) or not isinstance(data.get("requests"), list):
        raise UsageProblem(f"{where}: expected a list 'requests'")
    requests = [
        read_request(item, f"{where}: request {number}", str(number))
        for number, item in enumerate(data["requests"], start=1)
    ]
    hosts = data.get("hosts") or {}
    peers = tuple(_peer(item, f"{where}: peers") for item in _list(data.get("peers") or ()))
    if not isinstance(hosts, Mapping):
        raise UsageProblem(f"{where}: hosts: expected addresses with their names")
    resolved = {}
    for address, names in hosts.items():
        read_endpoint(str(address), f"{where}: hosts")
        for name in _list(names):
            resolved[str(name)] = str(address)
    return requests, World(resolved, peers, complete=True, defines=_defines(data.get("arguments") or (), where))


def _defines(arguments: Any, where: str) -> dict[str, str | None]:
    """The names that a command line defines, given as one text or as a list of words."""
    from shlex import split  # slow to import, rarely needed

    try:
        words = [word for part in _list(arguments) for word in split(str(part))]
    except ValueError:
        raise UsageProblem(f"{where}: arguments: a quotation mark is not closed") from None
    values = [
        words[at + 1] if word == "-A" else word[2:]
        for at, word in enumerate(words)
        if word.startswith("-A") and (word != "-A" or at + 1 < len(words))
    ]
    pairs = (value.partition("=") for value in values)
    return {name: value if equals else None for name, equals, value in pairs}


def _peer(item: Any, where: str) -> Peer:
    if not isinstance(item, Mapping) or "at" not in item:
        raise UsageProblem(f"{where}: expected 'at: 192.0.2.20:5060' and perhaps 'answers'")
    answers = item.get("answers") or {}
    if not isinstance(answers, Mapping):
        raise UsageProblem(f"{where}: answers: expected methods with statuses such as 'INVITE: 486'")
    statuses = {
        str(method): tuple(_integer(status, f"{where}: answers") or 0 for status in _list(given))
        for method, given in answers.items()
    }
    return Peer(read_endpoint(str(item["at"]), where), statuses)


def read_request(item: Any, where: str, name: str) -> Request:
    """One request; unknown fields, methods, addresses and numbers are refused by name."""
    if not isinstance(item, Mapping):
        raise UsageProblem(f"{where}: expected fields such as 'method: REGISTER'")
    fields = {str(key).replace("-", "_"): value for key, value in item.items() if value is not None}
    unknown = sorted(fields.keys() - _FIELDS)
    if unknown:
        raise UsageProblem(f"{where}: there is no field {unknown[0]!r}; known are {', '.join(sorted(_FIELDS))}")
    method = str(fields.get("method", "REGISTER")).upper()
    if method not in METHODS:
        raise UsageProblem(f"{where}: method: {method!r} is none of {', '.join(METHODS)}")
    for key in ("from", "to"):
        if key not in fields:
            raise UsageProblem(f"{where}: {key}: expected user@host")
    from_, to = parse_uri(str(fields["from"])), parse_uri(str(fields["to"]))
    transport = str(fields.get("transport", "udp")).lower()
    if transport not in TRANSPORTS:
        raise UsageProblem(f"{where}: transport: {transport!r} is none of {', '.join(TRANSPORTS)}")
    source = read_endpoint(str(fields.get("source", "192.0.2.1")), f"{where}: source")
    destination = fields.get("destination")
    before = fields.get("before") or {}
    if not isinstance(before, Mapping):
        raise UsageProblem(f"{where}: before: expected fields such as 'wait: 5'")
    uri = fields.get("request_uri")
    default_uri = Uri("sip", "", to.host, to.port) if method == "REGISTER" else to
    return Request(
        id=str(fields.get("id", name)),
        method=method,
        from_=from_,
        to=to,
        request_uri=parse_uri(str(uri)) if uri is not None else default_uri,
        auth_user=_text(fields.get("auth_user")),
        password=_text(fields.get("password")),
        realm=_text(fields.get("realm")),
        algorithms=tuple(str(a) for a in _list(fields["algorithms"])) if "algorithms" in fields else None,
        nonce=_text(fields.get("nonce")),
        strict=bool(fields.get("strict")),
        source=source,
        ephemeral=_port_is_missing(str(fields.get("source", ""))),
        destination=read_endpoint(str(destination), f"{where}: destination") if destination is not None else None,
        transport=transport,
        contact=parse_uri(str(fields["contact"])) if "contact" in fields else None,
        rport=bool(fields.get("rport", True)),
        expires=_integer(fields.get("expires"), f"{where}: expires"),
        event=_text(fields.get("event")),
        codecs=tuple(str(c).lower() for c in _list(fields.get("codecs", "ulaw"))),
        headers={str(k).lower(): str(v) for k, v in (fields.get("headers") or {}).items()},
        max_forwards=_integer(fields.get("max_forwards", 70), f"{where}: max_forwards") or 0,
        to_tag=bool(fields.get("to_tag")),
        route=_text(fields.get("route")),
        in_dialog=tuple(str(m) for m in _list(fields.get("in_dialog", ()))),
        times=_integer(fields.get("times", 1), f"{where}: times") or 1,
        hold=bool(fields.get("hold")),
        wait=float(before.get("wait") or 0),
        restart=bool(before.get("restart")),
        legit=bool(fields.get("legit", True)),
        body=_text(fields.get("body")),
        content_type=_text(fields.get("content_type")),
    )


_FIELDS = frozenset(
    (
        "id method from to request_uri auth_user password realm algorithms nonce strict source destination transport"
        " contact rport expires event codecs headers body content_type max_forwards to_tag route in_dialog times hold"
        " before legit"
    ).split()
)


def read_endpoint(text: str, where: str) -> Endpoint:
    """``192.0.2.7``, ``192.0.2.7:5062``, ``[2001:db8::7]:5062``; the port is 5060 where it is missing."""
    found = re.fullmatch(r"\[(?P<v6>[^\]]+)\](?::(?P<port6>\d+))?|(?P<v4>[^:]+)(?::(?P<port4>\d+))?", text.strip())
    host = (found.group("v6") or found.group("v4")) if found else text.strip()
    port = (found.group("port6") or found.group("port4") or "5060") if found else "5060"
    if isinstance(parse_address(host), str) or not 0 < (number := decimal(port) or 0) < 65536:
        raise UsageProblem(f"{where}: {text!r} is no IP address such as 192.0.2.7 or 192.0.2.7:5062")
    return Endpoint(host, number)


def _port_is_missing(text: str) -> bool:
    return not re.search(r"(?:^[^:]+|\]):\d+$", text.strip())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _integer(value: Any, where: str) -> int | None:
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UsageProblem(f"{where}: {value!r} is no number") from None
