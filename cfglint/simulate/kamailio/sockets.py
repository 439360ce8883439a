"""Where the server listens, and which names are its own: ``listen``, ``socket``, ``alias``, ``myself``.

Follows core/forward.c:check_self, core/socket_info.c:grep_sock_info and core/name_alias.h.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place
from cfglint.syntax.kamailio.items import Alias, File, Listen, SocketAddress, SocketBlock
from cfglint.syntax.kamailio.tokens import Number, String, Token

DEFAULT_PORT = 5060
DEFAULT_TLS_PORT = 5061
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - to be compared with


class Socket(NamedTuple):
    """One address that is listened on; `transport` is None for all of them. `host` is as written, and what it resolves
    to, if that is known, is `address`."""

    transport: str | None
    host: str
    address: str | None
    port: int
    advertised: tuple[str, int] | None
    place: Place


class Name(NamedTuple):
    """A name that is the server's own; port 0 stands for any."""

    host: str
    port: int
    place: Place


def canonical(host: str) -> str | None:
    """An IP address in its usual form; None for anything else."""
    host = host.strip("[]")
    if ":" not in host:
        return host if _is_ipv4(host) else None
    from ipaddress import ip_address  # slow to import, rarely needed

    try:
        return str(ip_address(host))
    except ValueError:
        return None


def _is_ipv4(text: str) -> bool:
    """Four numbers with dots between; leading zeros are refused, as they mean octal numbers to some."""
    numbers = text.split(".")
    return len(numbers) == 4 and all(
        number.isascii() and number.isdigit() and len(number) <= 3 and str(int(number)) == number and int(number) < 256
        for number in numbers
    )


class Sockets:
    """The sockets and names of a configuration; `hosts` are the names that resolve, `port` is that of sockets that
    name none."""

    def __init__(self, file: File, hosts: Mapping[str, str], port: int = DEFAULT_PORT) -> None:
        self._port = port
        self._hosts = {name.lower(): address for name, address in hosts.items()}
        self.sockets = list(self._sockets(file))
        self.names = list(self._names(file))

    def _sockets(self, file: File) -> Iterator[Socket]:
        for item in file.items:
            if isinstance(item, Listen):
                advertised = None
                if item.advertise is not None:
                    advertised = (_text(item.advertise), _port(item.advertise_port) or 0)
                for socket in item.sockets:
                    yield from self._bound(socket, advertised)
            elif isinstance(item, SocketBlock):
                yield from self._block(item)

    def _bound(self, socket: SocketAddress, advertised: tuple[str, int] | None) -> Iterator[Socket]:
        transport = socket.protocol.text.lower() if socket.protocol is not None else None
        for host in socket.addresses:
            yield self._socket(
                None if transport == "*" else transport, _text(host), socket.port, advertised, socket.place
            )

    def _socket(
        self, transport: str | None, host: str, port: Token | None, advertised: tuple[str, int] | None, place: Place
    ) -> Socket:
        default = DEFAULT_TLS_PORT if transport == "tls" else self._port
        return Socket(transport, host, self.resolve(host), _port(port) or default, advertised, place)

    def _block(self, block: SocketBlock) -> Iterator[Socket]:
        bound: list[Token] = []
        advertised = None
        for attribute in block.attributes:
            values = [value for value in attribute.values if value.type != "COLON"]
            if attribute.word.type == "BIND":
                bound = values
            elif attribute.word.type == "ADVERTISE" and len(values) >= 2:
                advertised = (_text(values[-2]), _port(values[-1]) or 0)
        if not bound:
            return
        transport = None
        if bound[0].type in ("PROTOCOL", "STAR") and len(bound) > 1:
            transport = bound[0].text.lower() if bound[0].type == "PROTOCOL" else None
            bound = bound[1:]
        port = bound[1] if len(bound) > 1 else None
        yield self._socket(transport, _text(bound[0]), port, advertised, block.place)

    def _names(self, file: File) -> Iterator[Name]:
        for item in file.items:
            if isinstance(item, Alias):
                for socket in item.sockets:
                    for host in socket.addresses:
                        yield Name(_text(host).lower(), _port(socket.port) or 0, socket.place)

    def resolve(self, host: str) -> str | None:
        """The address of a host: itself, or what its name stands for."""
        return canonical(host) or self._hosts.get(host.lower().rstrip("."))

    def is_own(self, host: str, port: int, transport: str | None = None) -> bool:
        """Is ``host:port`` this server? Port 0 stands for any (core/forward.c:check_self)."""
        if not host:
            return False
        wanted = canonical(host)
        for socket in self.sockets:
            if transport and socket.transport and socket.transport != transport:
                continue
            advertised, other = socket.advertised or ("", 0)
            if port not in (0, socket.port, other or socket.port):
                continue
            if self._is_host(socket.host, socket.address, host, wanted):
                return True
            if advertised and self._is_host(advertised, canonical(advertised), host, wanted):
                return True
        return any(port in (0, name.port) or not name.port for name in self.names if _same(name.host, host, wanted))

    @staticmethod
    def _is_host(own: str, address: str | None, host: str, wanted: str | None) -> bool:
        if wanted is not None:
            return address == wanted
        return own.lower() == host.lower()

    def heard(self, transport: str, host: str, port: int) -> bool:
        """Does a message to ``host:port`` reach the server? Without any socket line it listens on all interfaces."""
        if not self.sockets:
            return port == (DEFAULT_TLS_PORT if transport == "tls" else self._port)
        base = {"ws": "tcp", "wss": "tls"}.get(transport, transport)
        wanted = canonical(host)
        for socket in self.sockets:
            if socket.transport not in (None, base) or socket.port != port:
                continue
            if socket.address is None or socket.address in EVERY_ADDRESS or socket.address == wanted:
                return True
        return False

    def first(self, transport: str) -> Socket | None:
        """The socket that a client of this transport would be pointed to."""
        base = {"ws": "tcp", "wss": "tls"}.get(transport, transport)
        return next((s for s in self.sockets if s.transport in (None, base)), None)


def _same(own: str, host: str, wanted: str | None) -> bool:
    return own.rstrip(".") == host.lower().rstrip(".") or (wanted is not None and canonical(own) == wanted)


def _text(token: Token) -> str:
    return token.value if isinstance(token, String) else token.text


def _port(token: Token | None) -> int | None:
    return token.value if isinstance(token, Number) else None
