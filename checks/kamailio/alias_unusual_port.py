"""An alias only counts for URIs that name its port.

Why it matters: `uri == myself` compares host and port, and a URI without a port has 5060, or 5061 with TLS
(core/forward.h, GET_URI_PORT; core/name_alias.h:grep_aliases). The addresses of users hardly ever name a port: with
`alias=example.org:5080` sip:alice@example.org is foreign, and gets what strangers get, whatever port it came in by. An
alias without a port matches all.

Client sees: where the script refuses what is not its own: REGISTER -> 403; where it looks for another place: INVITE ->
404

Log: Nothing.

RFC: 3261 section 19.1.2: a URI without a port stands for the default port, 5060 or 5061.

Verdict: spurious. The name stands in the configuration.

Does not help: the port in the phone's own settings: it decides where a request goes, and seldom stands in addresses.

Fix: leave the port out. Unsafe: requests for that name come to be this server's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.script import constant
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.items import Alias, SocketAddress
from cfglint.syntax.kamailio.nodes import Number

EXAMPLES = [
    Example(
        bad="alias=example.org:«5080»\nrequest_route {\n    if (uri == myself) exit;\n}\n",
        good='alias=example.org:5060\nalias="example.com"\nalias=example.com:5080\n'
        "request_route {\n    if (uri == myself) exit;\n}\n",
        fixed="alias=example.org\nrequest_route {\n    if (uri == myself) exit;\n}\n",
    ),
]

_USUAL = (0, 5060, 5061)


def find(kamailio: Kamailio) -> Iterator[Defect]:
    sockets = [socket for item in kamailio.file.items if isinstance(item, Alias) for socket in item.sockets]
    usual = {_host(socket) for socket in sockets if socket.port is None or _port(socket) in _USUAL}
    for socket in sockets:
        if socket.port is not None and _port(socket) not in (None, *_USUAL) and _host(socket) not in usual:
            message = f"'{_host(socket)}' without this port is foreign to the server"
            yield Defect(socket.port.place, message, subject=socket)


def _host(socket: SocketAddress) -> str:
    return (constant(socket.addresses[0]) or socket.addresses[0].text).lower()


def _port(socket: SocketAddress) -> int | None:
    return socket.port.value if isinstance(socket.port, Number) else None


def fix(socket: SocketAddress) -> Fix | None:
    last, port = socket.addresses[-1], socket.port
    if len(socket.addresses) > 1 or port is None or not written(last, port):
        return None
    return Fix("for any port", (delete(Place(port.home.source, Span(last.end, port.end))),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
