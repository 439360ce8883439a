"""Nodes that work together do not know each other's nonces.

Why it matters: without `secret` each process makes one of its own when it starts (auth/auth_mod.c:mod_init). A nonce
that another node has given fails there with -1, not with -4: it is not even stale. A phone whose second request goes to
the other node is challenged again and again, or gets 403 where -1 is answered so.

Client sees: the second request on another node: REGISTER -> 401 -> 401; where -1 is answered with 403: REGISTER -> 401
-> 403

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The credentials are right; the node that is asked does not know its neighbour's nonce.

Does not help: typing the password again: it works now and then, as chance chooses the node.

Fix: set the same `secret` on all nodes. Nothing is to be done where a phone always reaches the same node.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='«loadmodule "auth"»\nloadmodule "dmq"\nrequest_route {\n    auth_check("$fd", "subscriber", "1");\n}\n',
        good='loadmodule "auth"\nloadmodule "dmq"\nmodparam("auth", "secret", "of all nodes")\n'
        'request_route {\n    auth_check("$fd", "subscriber", "1");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    auth, dmq = kamailio.loaded.get("auth"), kamailio.loaded.get("dmq")
    if auth is None or dmq is None or not kamailio.whole or kamailio.parameters.all("auth", "secret"):
        return
    if kamailio.calls_of(*DATABASE_CHECKS, *PASSWORD_CHECKS):
        note = Note(dmq.node.place, "there are other nodes")
        yield Defect(auth.node.place, "without a secret, each node takes only the nonces that it gave itself", (note,))


CHECK = Check(find, level="info", category="answer")
