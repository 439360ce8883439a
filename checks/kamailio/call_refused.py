"""A registered phone cannot call another one.

Why it matters: the phone registers, its user sees it online, and each call is refused: the script treats INVITE unlike
REGISTER. Mostly one of the two is checked for another realm, or not challenged, or a condition asks for an address
that only carriers have.

Client sees: a call to a phone that is registered: INVITE -> 403; or behind the challenge: INVITE -> 407 -> 403

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. Both phones are registered with the right passwords.

Does not help: typing the password again: the registration shows that it is right.

Fix: the smallest change after which the call goes through, and nobody calls without the right password: a challenge in
place of the refusal, or for the realm that is checked; a list of addresses that leaves the server's own users out.
Safe where a challenge asks for something else than is checked behind it; otherwise unsafe: whether that is meant, the
script does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._challenging import challenging, fitting
from ._exempting import own_users
from ._naming import named
from ._refusals import refused
from ._remedies import TurnedAway, remedy

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
        fixed=MODULES + REGISTER + '    if (!proxy_authenticate("$fd", "subscriber")) {\n'
        '        proxy_challenge("$fd", "0");\n        exit;\n    }\n' + RELAY,
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    asked = probes(kamailio)
    yield from refused(kamailio, asked.call, "a registered phone that calls another one", "call")
    who = "a registered phone that calls from an address that is not listed"
    yield from refused(kamailio, asked.unlisted_call, who, "call", level="warning")


def fix(caller: TurnedAway) -> Fix | None:
    return remedy(caller, chain(fitting(caller.kamailio), challenging(caller), own_users(caller), named(caller)))


CHECK = Check(find, level="error", category="answer", request="INVITE", fix=fix)
