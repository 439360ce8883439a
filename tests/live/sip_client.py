"""A telephone made of sockets: sends one request, answers a challenge, and tells every final status.

Runs on the clients' side of the `stage`; imports nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import re
import select
import socket
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.live import sip_peer

WAIT = 2.5
"""Seconds after which a server counts as silent; everything happens on one machine."""

MAX_REQUESTS = 4
_NUMBERS = count(1)
_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
RECEIVE_ERRORS = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
"""Socket options by family that tell at once when nobody listens: IP_RECVERR, IPV6_RECVERR of Linux."""

DIGESTS = {"MD5": "md5", "SHA-256": "sha256"}
"""The algorithms of RFC 7616 by their names in Python."""

PAYLOADS = {"ulaw": (0, "PCMU/8000"), "alaw": (8, "PCMA/8000"), "g722": (9, "G722/8000"), "gsm": (3, "GSM/8000")}


class Wire:
    """A UDP or TCP socket at the client's address."""

    def __init__(self, source: tuple[str, int], server: tuple[str, int], transport: str) -> None:
        family = socket.AF_INET6 if ":" in source[0] else socket.AF_INET
        kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
        self.socket = socket.socket(family, kind)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(*RECEIVE_ERRORS[family], 1)
        self.server, self.stream, self._rest = server, transport == "tcp", b""
        # A port that a connection has left stays closed for a while (RFC 793, 3.5), so each takes a new one.
        self.socket.bind((source[0], 0) if self.stream else source)
        if self.stream:
            self.socket.settimeout(WAIT)
            self.socket.connect(server)
        self.address: tuple[str, int] = self.socket.getsockname()[:2]

    def send(self, text: str) -> None:
        data = text.encode("utf-8", "surrogateescape")
        if self.stream:
            self.socket.sendall(data)
        else:
            self.socket.sendto(data, self.server)

    def receive(self, until: float) -> str | None:
        """The next message; None when the time is up, or nobody is there."""
        while True:
            if self.stream and (message := self._whole()) is not None:
                return message
            ready, _, _ = select.select([self.socket], [], [], max(until - time.monotonic(), 0))
            if not ready:
                return None
            try:
                data = self.socket.recv(65536)
            except ConnectionError:
                return None
            if not self.stream:
                return data.decode("utf-8", "surrogateescape")
            if not data:
                return None
            self._rest += data

    def _whole(self) -> str | None:
        head, end, body = self._rest.partition(b"\r\n\r\n")
        found = re.search(rb"(?im)^(?:Content-Length|l)\s*:\s*(\d+)", head)
        length = int(found[1]) if found else 0
        if not end or len(body) < length:
            return None
        self._rest = body[length:]
        return (head + end + body[:length]).decode("utf-8", "surrogateescape")


def perform(task: dict[str, Any]) -> dict[str, Any]:
    """Send a task's requests in order, while its peers listen."""
    peers = sip_peer.listening(task["peers"])
    answers: dict[str, list[int | str]] = {}
    for request in task["requests"]:
        time.sleep(request["wait"])
        for number in range(1, request["times"] + 1):
            name = request["id"] if request["times"] == 1 else f"{request['id']}#{number}"
            answers[name], later = play(request)
            answers |= {f"{method} in {name}": statuses for method, statuses in later.items()}
    end = time.monotonic() + task["listen"]
    while time.monotonic() < end and not all(peer.satisfied for peer in peers.values()):
        time.sleep(0.1)
    for peer in peers.values():
        peer.close()
    return {"answers": answers, "heard": {at: peer.heard for at, peer in peers.items()}}


def play(request: dict[str, Any]) -> tuple[list[int | str], dict[str, list[int | str]]]:
    """Every final status that a request gets, `timeout` for silence and `refused` where nothing listens on TCP; and
    what the requests got that followed in its dialog, by method."""
    try:
        wire = Wire(tuple(request["source"]), tuple(request["destination"]), request["transport"])
    except (ConnectionError, TimeoutError):
        return ["refused"], {}
    try:
        call = _Call(request, wire)
        return call.statuses(), call.later
    finally:
        wire.socket.close()


_HELD: dict[str, tuple[int, dict[str, str]]] = {}
"""From URI to the status and the challenge that its telephone answered last."""


class _Call:
    """A request and its repetitions with credentials: one Call-ID."""

    def __init__(self, request: dict[str, Any], wire: Wire) -> None:
        self.request, self.wire = request, wire
        number = next(_NUMBERS)
        self.call_id, self.tag = f"call-{number}@{wire.address[0]}", f"tag{number}"
        self.sequence = 0
        self.later: dict[str, list[int | str]] = {}
        """Method to what a request of it got in the dialog."""

    def statuses(self) -> list[int | str]:
        found: list[int | str] = []
        authorization, given = "", False
        held = _HELD.get(self.request["from"])
        if self.request["nonce"] == "reuse" and held is not None:
            authorization = self._answer(*held, uses=2)
        for _ in range(MAX_REQUESTS):
            response = self._exchange(authorization)
            if response is None:
                return [*found, "timeout"]
            status = _status(response)
            found.append(status)
            challenge = self._choose(_headers(response, "WWW-Authenticate") or _headers(response, "Proxy-Authenticate"))
            stale = challenge.get("stale", "").lower() == "true"
            if not challenge or self.request["password"] is None or (given and not stale):
                break
            authorization, given = self._answer(status, challenge), True
            _HELD[self.request["from"]] = status, challenge
        return found

    def _exchange(self, authorization: str) -> str | None:
        """Send the request once; the final response. A call that was taken is ended."""
        self.sequence += 1
        branch = f"z9hG4bK-{self.tag}-{self.sequence}"
        method = self.request["method"]
        self.wire.send(self._message(method, branch, authorization, self.request["request_uri"], ""))
        until = time.monotonic() + WAIT
        while (message := self.wire.receive(until)) is not None:
            if not message.startswith("SIP/2.0") or branch not in _header(message, "Via"):
                self._be_polite(message)
                continue
            if _status(message) < 200:
                until = time.monotonic() + WAIT
                continue
            if method == "INVITE":
                self._acknowledge(message, branch)
            return message
        return None

    def _acknowledge(self, response: str, branch: str) -> None:
        to = _header(response, "To")
        if _status(response) >= 300:
            self.wire.send(self._message("ACK", branch, "", self.request["request_uri"], to))
            return
        target = re.search(r"<([^>]*)>", _header(response, "Contact"))
        uri = target[1] if target else self.request["request_uri"]
        # The route set of the dialog (RFC 3261, 12.1.2).
        routes = [line.partition(":")[2].strip() for line in _headers(response, "Record-Route")[::-1]]
        self.wire.send(self._message("ACK", branch + "-ack", "", uri, to, routes))
        if self.request["hold"]:
            return
        for method in self.request["in_dialog"] or ["BYE"]:
            self.sequence += 1
            self.wire.send(self._message(method, f"{branch}-{method}", "", uri, to, routes))
            answer = self.wire.receive(time.monotonic() + WAIT / 4)
            if self.request["in_dialog"]:
                self.later[method] = [_status(answer) if answer is not None else "timeout"]

    def _be_polite(self, message: str) -> None:
        """Answer what the server asks on its own account, so that it does not wait for it."""
        method = message.split(" ", 1)[0]
        if method in ("OPTIONS", "NOTIFY", "BYE"):
            names = ("Via", "From", "To", "Call-ID", "CSeq")
            lines = [line for name in names for line in _headers(message, name)]
            self.wire.send("\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0", "", ""]))

    def _message(
        self, method: str, branch: str, authorization: str, uri: str, to: str, routes: Sequence[str] = ()
    ) -> str:
        request = self.request
        host, port = self.wire.address
        at = f"[{host}]" if ":" in host else host
        contact = request["contact"] or f"sip:{request['user']}@{at}:{port}"
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/{request['transport'].upper()} {at}:{port};branch={branch};rport",
            f"Max-Forwards: {request['max_forwards']}",
            f"From: <{request['from']}>;tag={self.tag}",
            f"To: {to or '<' + request['to'] + '>' + (';tag=other-side' if request['to_tag'] else '')}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.sequence} {method}",
            f"Contact: <{contact}>",
            *(f"Route: {route}" for route in routes),
        ]
        body = ""
        if method == request["method"]:
            lines += [f"Route: <{request['route']}>"] if request["route"] else []
            lines += [f"{name}: {value}" for name, value in request["headers"].items()]
            lines += [authorization] if authorization else []
            if method in ("REGISTER", "SUBSCRIBE"):
                lines.append(f"Expires: {120 if request['expires'] is None else request['expires']}")
            if request["event"]:
                lines += [f"Event: {request['event']}", "Accept: application/pidf+xml, application/dialog-info+xml"]
            if request["body"] is not None:
                body = request["body"]
                lines.append(f"Content-Type: {request['content_type'] or 'text/plain'}")
            elif method == "INVITE":
                body = self._offer(host)
                lines.append("Content-Type: application/sdp")
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])

    def _offer(self, host: str) -> str:
        kind = "IP6" if ":" in host else "IP4"
        chosen = [PAYLOADS[codec] for codec in self.request["codecs"] if codec in PAYLOADS]
        lines = ["v=0", f"o=- 1 1 IN {kind} {host}", "s=-", f"c=IN {kind} {host}", "t=0 0"]
        lines.append(f"m=audio 40000 RTP/AVP {' '.join(str(number) for number, _ in chosen)}")
        lines += [f"a=rtpmap:{number} {name}" for number, name in chosen]
        return "\r\n".join([*lines, ""])

    def _choose(self, challenges: list[str]) -> dict[str, str]:
        """The parameters of the first challenge with an algorithm that the telephone knows; nothing without one."""
        for challenge in challenges:
            told = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}
            if told.get("algorithm", "MD5").upper() in self.request["algorithms"]:
                return told
        return {}

    def _answer(self, status: int, told: dict[str, str], uses: int = 1) -> str:
        """RFC 7616, 3.4; `uses`: how often the nonce was used, this time included."""
        request = self.request
        algorithm = told.get("algorithm", "MD5")
        digest = DIGESTS[algorithm.upper()]
        user, uri = request["auth_user"] or request["user"], request["request_uri"]
        realm = request["realm"] or told.get("realm", "")
        one = _hash(digest, f"{user}:{realm}:{request['password']}")
        two = _hash(digest, f"{request['method']}:{uri}")
        fields = {"username": user, "realm": realm, "nonce": told.get("nonce", ""), "uri": uri}
        more = f", algorithm={algorithm}"
        if "auth" in told.get("qop", "").split(","):
            fields["response"] = _hash(digest, f"{one}:{fields['nonce']}:{uses:08x}:0a4f113b:auth:{two}")
            fields["cnonce"], more = "0a4f113b", f"{more}, qop=auth, nc={uses:08x}"
        else:
            fields["response"] = _hash(digest, f"{one}:{fields['nonce']}:{two}")
        if "opaque" in told:
            fields["opaque"] = told["opaque"]
        name = "Authorization" if status == 401 else "Proxy-Authorization"
        return f"{name}: Digest {', '.join(f'{key}={chr(34)}{value}{chr(34)}' for key, value in fields.items())}{more}"


def _hash(digest: str, text: str) -> str:
    return hashlib.new(digest, text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def _status(response: str) -> int:
    return int(response.split(" ", 2)[1])


def _headers(message: str, name: str) -> list[str]:
    head = message.partition("\r\n\r\n")[0]
    return [line for line in head.split("\r\n")[1:] if line.lower().startswith(name.lower() + ":")]


def _header(message: str, name: str) -> str:
    found = _headers(message, name)
    return found[0].partition(":")[2].strip() if found else ""
