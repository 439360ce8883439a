"""TLS is configured, and stays switched off.

Why it matters: the module tls only registers when TLS is on at the moment it is loaded (tls/tls_mod.c:mod_register).
Where `enable_tls` stands below, or the module or that line is missing, the server starts and listens on no TLS port:
phones that are set to TLS reach nobody.

Client sees: over TLS: REGISTER -> connection refused

Log:
    tls support is disabled
    disabling tls...

Verdict: spurious. TLS is configured.

Does not help: another certificate.

Fix: `enable_tls=yes` above loadmodule "tls.so".
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio

from ._listening import TLS_MODULES, enabling, listens

EXAMPLES = [
    Example(
        bad='loadmodule "tls.so"\n«enable_tls=yes»\nrequest_route {\n    exit;\n}\n',
        good='enable_tls=yes\nloadmodule "tls.so"\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad="«enable_tls=yes»\nrequest_route {\n    exit;\n}\n",
        good='loadmodule "tls.so"\nlisten=udp:127.0.0.1\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='«listen=tls:127.0.0.1:5061»\nloadmodule "tls.so"\nrequest_route {\n    exit;\n}\n',
        good='listen=tls:127.0.0.1:5061;\nenable_tls=1\nloadmodule "tls.so"\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    line = enabling(kamailio)
    module = next((module for module in kamailio.modules if module.name in TLS_MODULES), None)
    if line is not None and module is None:
        if all(other.facts is not None for other in kamailio.modules):
            yield Defect(line.place, "no module for TLS is loaded: it is switched off again")
    elif line is not None and module is not None:
        items = kamailio.file.items
        if items.index(module.node) < items.index(line):
            note = Note(module.node.place, "it is off when this is loaded")
            yield Defect(
                line.place, "this comes too late: the module for TLS is loaded already, and stays off", (note,)
            )
    else:
        for listen in listens(kamailio) or ():
            if any(socket.protocol is not None and socket.protocol.text.lower() == "tls" for socket in listen.sockets):
                yield Defect(listen.place, "TLS is switched off: nothing listens here")


CHECK = Check(find, level="warning", category="load")
