"""What a phone answers to this server's challenge goes on to the next one.

Why it matters: without consume_credentials() the Proxy-Authorization header that was checked here stays in the request
(auth/auth_mod.c). The next hop learns user, nonce and response. Most take no notice of it; one of the same realm may
take it for a failed attempt.

Log: Nothing.

RFC: 3261 section 22.3: a Proxy-Authorization header is for the proxy of its realm; others leave it alone.

Fix: consume_credentials() behind the check.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import RELAYS
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='request_route {\n    if (!«proxy_authorize("$fd", "subscriber")») exit;\n    t_relay();\n}\n',
        good='request_route {\n    if (!proxy_authorize("$fd", "subscriber")) exit;\n    consume_credentials();\n'
        "    t_relay();\n}\n",
    ),
]

_CHECKS = ("proxy_authorize", "proxy_authenticate", "pv_proxy_authorize", "pv_proxy_authenticate")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.calls_of("consume_credentials", "remove_hf", "remove_hf_re"):
        return
    relays = kamailio.calls_of(*RELAYS)
    for located in kamailio.calls_of(*_CHECKS) if relays else ():
        message = "the credentials that are checked here are sent on to the next hop"
        yield Defect(located.call.place, message, (Note(relays[0].call.place, "relayed here"),))


CHECK = Check(find, level="info", category="security")
