"""No phone can register, though the configuration is there for phones.

Why it matters: the script keeps registrations (`save()`), and yet each way through it ends in a refusal for a phone
with the right password: at once, or behind the challenge. Kamailio itself refuses nothing: it is a condition of the
script that does, and the phone shows 403 or asks for the password for ever.

Client sees: at once: REGISTER -> 403; behind the challenge: REGISTER -> 401 -> 403; for ever: REGISTER -> 401 -> 401

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The user exists, and the password is right.

Does not help: typing the password again; another phone.

Fix: the smallest change after which such a phone registers, and nobody without the right password: a challenge in place
of the refusal, or for the realm that is checked; another form of passwords; an alias for the domain; a list of
addresses that leaves registrations out. Safe where a challenge asks for something else than is checked behind it;
otherwise unsafe: whether that is meant, the script does not say. Where no change helps, `cfglint trace --register
USER@DOMAIN` shows the way the request takes, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._challenging import anew, challenging, fitting
from ._exempting import registrations
from ._naming import named
from ._refusals import refused
from ._registrable import registrable
from ._remedies import TurnedAway, joined, pairs, remedy
from ._stored import stored

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "textops", "usrloc", "registrar", "auth", "auth_db"))

EXAMPLES = [
    Example(
        bad=MODULES + 'request_route {\n    if «(!auth_check("$fd", "subscriber", "1"))» {\n'
        '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    save("location");\n}\n',
        good=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        auth_challenge("$fd", "0");\n        exit;\n    }\n    save("location");\n}\n',
        fixed=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        auth_challenge("$fd", "0");\n        exit;\n    }\n    save("location");\n}\n',
    ),
    Example(
        bad=MODULES + 'request_route {\n    if «(!auth_check("$fd", "subscriber", "1"))» {\n        route(DENY);\n'
        '    }\n    save("location");\n}\nroute[DENY] {\n    sl_send_reply("403", "Forbidden");\n    exit;\n}\n',
        good=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        auth_challenge("$fd", "0");\n        exit;\n    }\n    save("location");\n}\n',
        fixed=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        auth_challenge("$fd", "0"); exit;\n'
        '    }\n    save("location");\n}\nroute[DENY] {\n    sl_send_reply("403", "Forbidden");\n    exit;\n}\n',
    ),
    Example(
        bad=MODULES + 'request_route {\n    if «(is_method("REGISTER"))» {\n        sl_send_reply("403", "No");\n'
        '        exit;\n    }\n    save("location");\n}\n',
        good=MODULES + 'request_route {\n    if (!is_method("INVITE")) {\n        sl_send_reply("403", "No");\n'
        "        exit;\n    }\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    asked = probes(kamailio)
    if asked.registration is None:
        return
    if asked.has_list and asked.listed_registration is None:
        who = "a phone that registers from an address that is not listed"
        yield from refused(kamailio, asked.registration, who, level="warning")
    else:
        yield from refused(kamailio, asked.registration, "a phone that registers")


def fix(phone: TurnedAway) -> Fix | None:
    return remedy(phone, _proposals(phone))


def _proposals(phone: TurnedAway) -> Iterator[Fix]:
    fits, others = list(fitting(phone.kamailio)), list(stored(phone.kamailio))
    yield from chain(fits, challenging(phone), registrations(phone), registrable(phone), named(phone), others)
    yield from (joined(fit, again) for fit in fits for again in anew(phone))
    yield from pairs(others)


CHECK = Check(find, level="error", category="answer", request="REGISTER", fix=fix)
