"""An alias holds a port or a protocol inside of its quotes.

Why it matters: what stands in quotes is a host's name as a whole (core/cfg.y, listen_id). No request is for a host
that is called "sip.example.org:5060", so `uri == myself` is false for that name, and the phone gets what strangers get:
mostly 403 or 404.

Client sees: where the script refuses what is not its own: INVITE -> 403; where it looks for another place: INVITE ->
404

Log: Nothing.

RFC: 3261 section 21.4.5: for a domain that the server does not serve there is 404.

Verdict: spurious. The name stands in the configuration.

Does not help: a DNS record for the name: a name with a colon is never asked for.

Fix: close the quotes before the port. Safe: the name that stands there becomes the server's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.items import Alias
from cfglint.syntax.kamailio.nodes import String

from ._sockets import SOCKET, unquoted

EXAMPLES = [
    Example(
        bad='alias=«"sip.example.org:5060"»\nrequest_route {\n    exit;\n}\n',
        good='alias="sip.example.org":5060\nrequest_route {\n    exit;\n}\n',
        fixed='alias="sip.example.org":5060\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='alias=a.example.org «"tls:b.example.org:5061"»\nrequest_route {\n    exit;\n}\n',
        good='alias=a.example.org tls:"b.example.org":5061\nrequest_route {\n    exit;\n}\n',
        fixed='alias=a.example.org tls:"b.example.org":5061\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for item in kamailio.file.items:
        if isinstance(item, Alias):
            for socket in item.sockets:
                for address in socket.addresses:
                    parts = re.fullmatch(SOCKET, address.value) if isinstance(address, String) else None
                    if parts is not None and (parts[1] or parts[3]):
                        message = "all of this is taken for the name of a host, and no request is for one of that name"
                        yield Defect(address.place, message, subject=socket)


CHECK = Check(find, level="warning", category="answer", fix=unquoted)
