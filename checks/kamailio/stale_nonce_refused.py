"""A phone that comes back with an old nonce is refused instead of challenged.

Why it matters: a phone renews its registration with the nonce it has (RFC 3261, 22.3), and that is too old after
`nonce_expire` seconds, used up with `one_time_nonce`, or foreign after a restart. Nothing is wrong: the server has to
give it a new one with 401, as auth_check() tells by its return codes -4 and -6. A script that answers 403 to everything
but "no credentials" turns away phones that were registered a minute ago.

Client sees: when the registration is refreshed with an old nonce: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The same credentials were right before.

Does not help: typing the password again; it helps until the nonce is old once more.

Fix: challenge whatever the code is; refuse, if at all, for the code -2 alone. Unsafe: it changes what a phone with a
wrong password is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._challenging import anew
from ._refusals import refused
from ._remedies import TurnedAway, remedy

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "textops", "usrloc", "registrar", "auth", "auth_db"))
CHALLENGE = '        auth_challenge("$fd", "0");\n        exit;\n    }\n    save("location");\n}\n'

EXAMPLES = [
    Example(
        bad=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        if «(is_present_hf("Authorization"))» {\n            sl_send_reply("403", "Forbidden");\n'
        "            exit;\n        }\n" + CHALLENGE,
        good=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n' + CHALLENGE,
        fixed=MODULES + 'request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n'
        '        if ($rc == -2 && is_present_hf("Authorization")) {\n            sl_send_reply("403", "Forbidden");\n'
        "            exit;\n        }\n" + CHALLENGE,
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    yield from refused(kamailio, probes(kamailio).refresh, "a phone whose nonce is too old", "refresh")


def fix(phone: TurnedAway) -> Fix | None:
    return remedy(phone, anew(phone))


CHECK = Check(find, level="warning", category="answer", request="REGISTER", fix=fix)
