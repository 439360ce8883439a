"""The servers and telephones that a server under test calls or registers with: each answers as it was told.

Runs on the clients' side of the `stage`; imports nothing but the standard library.
"""

from __future__ import annotations

import re
import socket
import threading
from typing import Any

REALM = "peer.example"
"""What a peer's challenges say."""

_SKIPPED = ("ACK", "CANCEL", "BYE")
"""Methods that tell nothing about who is let in; the last two are answered 200."""


class Peer:
    """Listens on UDP until it is closed.

    Each request with a new branch takes the next of its method's statuses (``default`` for any other method), the last
    one for ever; what comes again is answered as before. A 401 or 407 carries a challenge.
    """

    def __init__(self, at: tuple[str, int], answers: dict[str, list[int]]) -> None:
        self.at, self.answers = at, answers
        self.heard: list[tuple[str, int]] = []
        self._given: dict[str, int] = {}
        self._socket = socket.socket(socket.AF_INET6 if ":" in at[0] else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(at)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def satisfied(self) -> bool:
        """Was the last that it said a 2xx?"""
        return bool(self.heard) and self.heard[-1][1] < 300

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                data, sender = self._socket.recvfrom(65536)
            except OSError:
                return
            answer = self._answer(data.decode("utf-8", "surrogateescape"))
            if answer:
                self._socket.sendto(answer.encode("utf-8", "surrogateescape"), sender)

    def _answer(self, message: str) -> str:
        method = message.split(" ", 1)[0]
        if method == "ACK" or message.startswith("SIP/2.0"):
            return ""
        branch = _lines(message, "Via")[0]
        if branch not in self._given:
            self._given[branch] = self._next(method)
        return self._response(message, self._given[branch])

    def _next(self, method: str) -> int:
        if method in _SKIPPED:
            return 200
        statuses = self.answers.get(method) or self.answers.get("default") or [200]
        asked = sum(known == method for known, _ in self.heard)
        status = statuses[min(asked, len(statuses) - 1)]
        self.heard.append((method, status))
        return status

    def _response(self, message: str, status: int) -> str:
        """RFC 3261, 8.2.6; a call that is taken gets the first codec it offers."""
        to = _lines(message, "To")[0]
        lines = [f"SIP/2.0 {status} {'OK' if status < 300 else 'No'}"]
        lines += [line for name in ("Via", "Record-Route", "From", "Call-ID", "CSeq") for line in _lines(message, name)]
        lines.append(to if ";tag=" in to else f"{to};tag=peer")
        at = f"[{self.at[0]}]" if ":" in self.at[0] else self.at[0]
        if status in (401, 407):
            name = "WWW" if status == 401 else "Proxy"
            lines.append(f'{name}-Authenticate: Digest realm="{REALM}", nonce="7f3a9c", algorithm=MD5')
        if status < 300:
            contact = (
                _lines(message, "Contact") if message.startswith("REGISTER") else [f"Contact: <sip:{at}:{self.at[1]}>"]
            )
            lines += [*contact, "Expires: 3600"]
        body = ""
        if message.startswith("INVITE") and 180 < status < 300:
            payload = re.search(r"m=audio \d+ RTP/AVP (\d+)", message)
            family = "IP6" if ":" in self.at[0] else "IP4"
            body = f"v=0\r\no=- 1 1 IN {family} {self.at[0]}\r\ns=-\r\nc=IN {family} {self.at[0]}\r\nt=0 0\r\n"
            body += f"m=audio 41000 RTP/AVP {payload[1] if payload else 0}\r\n"
            lines.append("Content-Type: application/sdp")
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body])


def listening(peers: list[dict[str, Any]]) -> dict[str, Peer]:
    """Peers that listen from now on, by address and port."""
    return {f"{host}:{port}": Peer((host, port), peer["answers"]) for peer in peers for host, port in [peer["at"]]}


def _lines(message: str, name: str) -> list[str]:
    head = message.partition("\r\n\r\n")[0]
    return [line for line in head.split("\r\n")[1:] if line.lower().startswith(name.lower() + ":")]
