"""A SIP request as the script sees it, and what the script changes about it."""

from __future__ import annotations

import re

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.client import Credentials, Message
from cfglint.simulate.request import Endpoint, Request, Uri

COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "k": "supported",
    "s": "subject",
    "c": "content-type",
    "o": "event",
}
"""Short names of headers and what they stand for."""


class SipUri(NamedTuple):
    """A URI in parts; `parameters` is all that follows the port."""

    scheme: str
    user: str
    password: str
    host: str
    port: int
    """0 where none is written."""
    parameters: str
    headers: str = ""

    def __str__(self) -> str:
        password = f":{self.password}" if self.password else ""
        user = f"{self.user}{password}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        parameters = f";{self.parameters}" if self.parameters else ""
        return f"{self.scheme}:{user}{host}{port}{parameters}{f'?{self.headers}' if self.headers else ''}"

    def parameter(self, name: str) -> str | None:
        """The value of a parameter; empty for one without, None where it is missing."""
        for part in self.parameters.split(";"):
            key, _, value = part.partition("=")
            if key.strip().lower() == name:
                return value.strip()
        return None

    @property
    def transport(self) -> str:
        """The transport that it asks for, in lower case; ``udp`` where it does not, ``tls`` for ``sips``."""
        return (self.parameter("transport") or ("tls" if self.scheme == "sips" else "udp")).lower()


_URI = re.compile(
    r"(?P<scheme>sips?|tel):(?:(?P<user>[^@:]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:;?>\s]*)(?::(?P<port>\d{1,5}))?(?:;(?P<parameters>[^?]*))?(?:\?(?P<headers>.*))?",
    re.IGNORECASE,
)


def parse_uri(text: str) -> SipUri | None:
    """The URI in a text, None where there is none (core/parser/parse_uri.c)."""
    found = _URI.fullmatch(text.strip())
    if found is None:
        return None
    scheme = found["scheme"].lower()
    user, host = found["user"] or "", (found["host"] or "").strip("[]")
    if scheme == "tel":
        user, host = host, ""
    port = int(found["port"] or 0)
    if port > 65535 or (not host and scheme != "tel"):
        return None
    return SipUri(scheme, user, found["password"] or "", host, port, found["parameters"] or "", found["headers"] or "")


class Header(NamedTuple):
    """A header; `name` as written."""

    name: str
    value: str

    @property
    def key(self) -> str:
        """The name in lower case, short forms written out."""
        return COMPACT.get(self.name.lower(), self.name.lower())


class SipMessage(NamedTuple):
    """What arrived: nothing of it changes while the script runs."""

    request: Request
    credentials: Credentials | None
    now: float
    method: str
    uri: str
    from_uri: SipUri
    to_uri: SipUri
    from_tag: str
    to_tag: str
    call_id: str
    contact: str
    headers: tuple[Header, ...]
    body: str
    source: Endpoint
    source_port: int | None
    """None where nobody said which one it is."""
    destination: Endpoint | None
    transport: str
    max_forwards: int | None
    routes: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((header.value for header in self.headers if header.key == name), None)

    def all(self, name: str) -> list[str]:
        """All values of a header."""
        return [header.value for header in self.headers if header.key == name]

    @property
    def length(self) -> int:
        """About how many bytes it has."""
        return (
            len(self.method)
            + len(self.uri)
            + sum(len(h.name) + len(h.value) + 4 for h in self.headers)
            + len(self.body)
        )

    @property
    def authorization(self) -> Credentials | None:
        """The credentials in the Authorization header."""
        return self.credentials if self.credentials is not None and not self.credentials.proxy else None

    @property
    def proxy_authorization(self) -> Credentials | None:
        """The credentials in the Proxy-Authorization header."""
        return self.credentials if self.credentials is not None and self.credentials.proxy else None


USER_AGENT = "cfglint"
"""The User-Agent of a client that does not say."""


def arrived(message: Message, number: int) -> SipMessage:
    """What a client's message looks like on the wire; `number` tells its dialog from others."""
    request = message.request
    from_uri, to_uri = _uri(request.from_), _uri(request.to)
    contact = str(_uri(request.contact)) if request.contact is not None else request.sent_contact
    via = f"SIP/2.0/{request.transport.upper()} {request.source};branch=z9hG4bK{number}" + ";rport" * request.rport
    to_tag = "other" if request.to_tag else ""
    headers = [
        Header("Via", via),
        *([Header("Route", f"<{request.route}>")] if request.route else []),
        Header("From", f"<{from_uri}>;tag=from{number}"),
        Header("To", f"<{to_uri}>" + (f";tag={to_tag}" if to_tag else "")),
        Header("Call-ID", f"call{number}"),
        Header("CSeq", f"1 {request.method}"),
        Header("Max-Forwards", str(request.max_forwards)),
    ]
    if request.method not in ("ACK", "CANCEL", "BYE"):
        headers.append(Header("Contact", f"<{contact}>"))
    if request.method == "REGISTER" or request.expires is not None:
        headers.append(Header("Expires", str(request.expires if request.expires is not None else 600)))
    if request.event is not None:
        headers.append(Header("Event", request.event))
    written = {"user-agent": USER_AGENT, **request.headers}
    headers += [Header(name.title(), value.lstrip()) for name, value in written.items()]
    body = request.body or ("v=0\r\n" if request.method == "INVITE" else "")
    if body:
        kind = request.content_type or ("application/sdp" if request.method == "INVITE" else "text/plain")
        headers.append(Header("Content-Type", kind))
    credentials = message.credentials
    if credentials is not None:
        name = "Proxy-Authorization" if credentials.proxy else "Authorization"
        headers.append(Header(name, f'Digest username="{credentials.user}", realm="{credentials.realm}"'))
    return SipMessage(
        request=request,
        credentials=credentials,
        now=message.now,
        method=request.method,
        uri=str(_uri(request.request_uri)),
        from_uri=from_uri,
        to_uri=to_uri,
        from_tag=f"from{number}",
        to_tag=to_tag,
        call_id=f"call{number}",
        contact=contact,
        headers=tuple(headers),
        body=body,
        source=request.source,
        source_port=None if request.ephemeral else request.source.port,
        destination=request.destination,
        transport=request.transport,
        max_forwards=request.max_forwards,
        routes=(request.route,) if request.route else (),
    )


def _uri(uri: Uri) -> SipUri:
    return SipUri(uri.scheme, uri.user, "", uri.host, uri.port or 0, uri.parameters)
