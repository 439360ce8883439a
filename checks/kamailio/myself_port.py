"""The server listens on unusual ports, and only knows itself when they are named.

Why it matters: `uri == myself` compares host and port, and a URI without a port has 5060, or 5061 with TLS
(core/forward.h, GET_URI_PORT; core/socket_info.c:grep_sock_info). sip:bob@192.0.2.1 is foreign to a server that
listens on port 5080, and gets what strangers get. An alias without a port matches with any.

Client sees: where the script refuses what is not its own: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 19.1.2: a URI without a port stands for the default port, 5060 or 5061.

Verdict: spurious. The phone has reached the server that it means.

Does not help: another password.

Fix: alias= with the name or address that phones use. Unsafe: who names the server without its port is at home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import add_line_below, written
from cfglint.model.kamailio.script import constant
from cfglint.syntax.kamailio.items import Alias, Listen, Parameter, SocketBlock
from cfglint.syntax.kamailio.nodes import Number, Token

EXAMPLES = [
    Example(
        bad="«listen=udp:127.0.0.1:5080»;\nrequest_route {\n    if (uri != myself) exit;\n}\n",
        good="listen=udp:127.0.0.1:5080;\nalias=127.0.0.1\nrequest_route {\n    if (uri != myself) exit;\n}\n",
        fixed="listen=udp:127.0.0.1:5080;\nalias=127.0.0.1;\nrequest_route {\n    if (uri != myself) exit;\n}\n",
    ),
    Example(
        bad="port=5070\n«listen=127.0.0.1»;\nrequest_route {\n    if (from_uri == myself) exit;\n}\n",
        good="port=5070\nlisten=127.0.0.1:5060;\nrequest_route {\n    if (from_uri == myself) exit;\n}\n",
    ),
]

_USUAL = (5060, 5061)


def find(kamailio: Kamailio) -> Iterator[Defect]:
    items = kamailio.file.items
    listens = [item for item in items if isinstance(item, Listen)]
    named = any(isinstance(item, Alias | SocketBlock) for item in items) or any(item.advertise for item in listens)
    if not listens or named or "domain" in kamailio.loaded or not kamailio.whole:
        return
    ports = [socket.port or _default(kamailio) for item in listens for socket in item.sockets]
    if any(not isinstance(port, Number) or port.value in _USUAL for port in ports):
        return
    for test, _ in kamailio.comparisons:
        uri = isinstance(test.left, Token) and test.left.text in ("uri", "from_uri", "to_uri")
        if uri and isinstance(test.right, Token) and test.right.type == "MYSELF":
            note = Note(test.node.place, "here it asks for itself")
            message = "a URI without a port is foreign to a server that only listens on other ports than 5060"
            yield Defect(listens[0].place, message, (note,), listens)
            return


def _default(kamailio: Kamailio) -> Token | None:
    """The port of what listens without one; None for the usual."""
    lines = [item for item in kamailio.file.items if isinstance(item, Parameter) and item.name == "port"]
    return lines[-1].value if lines else None


def fix(listens: list[Listen]) -> Fix | None:
    addresses = [address for item in listens for socket in item.sockets for address in socket.addresses]
    hosts = dict.fromkeys(constant(address) or address.text for address in addresses)
    concrete = all(re.fullmatch(r"[1-9]\d{0,2}(\.\d{1,3}){3}", host) for host in hosts)
    if not concrete or not written(listens[-1]):
        return None
    lines = listens[-1].home.source.newline.join(f"alias={host};" for host in hosts)
    return Fix("answer to the address without a port", (add_line_below(listens[-1], lines),))


CHECK = Check(find, level="info", category="answer", fix=fix)
