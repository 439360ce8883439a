"""A registered phone cannot call another one.

Why it matters: the phone registers, its user sees it online, and each call is refused: the script treats INVITE unlike
REGISTER. Mostly one of the two is checked for another realm, or not challenged, or a condition asks for an address
that only carriers have.

Client sees: a call to a phone that is registered: INVITE -> 403; or behind the challenge: INVITE -> 407 -> 403

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. Both phones are registered with the right passwords.

Does not help: typing the password again: the registration shows that it is right.

Fix: none by itself: `cfglint trace --invite FROM TO` shows the way the request takes, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._refusals import refused

MODULES = "".join(
    f'loadmodule "{name}.so"\n' for name in ("sl", "tm", "textops", "usrloc", "registrar", "auth", "auth_db")
)
REGISTER = """request_route {
    if (is_method("REGISTER")) {
        if (!auth_check("$fd", "subscriber", "1")) {
            auth_challenge("$fd", "0");
            exit;
        }
        save("location");
        exit;
    }
"""
RELAY = """    if (!lookup("location")) {
        sl_send_reply("404", "Not here");
        exit;
    }
    t_relay();
}
"""

EXAMPLES = [
    Example(
        bad=MODULES + REGISTER + '    if «(!proxy_authenticate("$fd", "subscriber"))» {\n'
        '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n' + RELAY,
        good=MODULES + REGISTER + '    if (!proxy_authenticate("$fd", "subscriber")) {\n'
        '        proxy_challenge("$fd", "0");\n        exit;\n    }\n' + RELAY,
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    yield from refused(kamailio, probes(kamailio).call, "a registered phone that calls another one", "call")


CHECK = Check(find, level="error", category="answer", request="INVITE")
