"""A socket is written in quotes as a whole.

Why it matters: in listen= a quoted string is the host's name and nothing else: with a protocol or a port inside the
quotes the server looks a host of that name up, finds none and does not start.

Client sees: as the server does not start: any request -> no answer

Verdict: spurious, for every phone there is.

Fix: put at most the host's name into quotes, and the protocol and the port outside.
Safe: what stands there is what is meant.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.items import Listen
from cfglint.syntax.kamailio.tokens import String

from ._sockets import unquoted

EXAMPLES = [
    Example(
        bad='listen=«"udp:127.0.0.1:5060"»\nrequest_route {\n    exit;\n}\n',
        good='listen=udp:"127.0.0.1":5060\nrequest_route {\n    exit;\n}\n',
        fixed='listen=udp:"127.0.0.1":5060\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for item in kamailio.config.file.items:
        for socket in item.sockets if isinstance(item, Listen) else ():
            for address in socket.addresses:
                if isinstance(address, String) and address.value.count(":") in (1, 2) and "::" not in address.value:
                    yield Defect(
                        address.place,
                        f"no host is called '{address.value}', and the server does not start",
                        subject=socket,
                    )


CHECK = Check(find, level="error", category="load", fix=unquoted)
