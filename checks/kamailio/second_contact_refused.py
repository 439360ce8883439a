"""A phone that has moved cannot register until its old contact expires.

Why it matters: with `max_contacts` the registrar refuses another contact while the old one is still there
(modules/registrar/save.c). A phone that gets another address, or another port from its router, has another contact: it
is told that it may not register, until the old one expires.

Client sees: from another address, before the old registration has expired: REGISTER -> 401 -> 503

RFC: 3261 section 10.3: a registrar adds a Contact that it does not know (step 7).

Verdict: depends. Deserved by one device too many; spurious for the same phone that comes back.

Does not help: typing the password again; it heals by waiting.

Fix: a higher `max_contacts`, or save("location", "0x04"), with which the new contact takes the place of the old.
Unsafe: who has the password can take a registration over.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._refusals import refused
from ._registrar import replacing
from ._remedies import TurnedAway, remedy

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "textops", "usrloc", "registrar"))
LIMIT = 'modparam("registrar", "max_contacts", 1)\n'
OK = '    sl_send_reply("200", "OK");\n}\n'

EXAMPLES = [
    Example(
        bad=MODULES + LIMIT + 'request_route {\n    if «(is_method("REGISTER") && !save("location", "0x02"))» {\n'
        '        sl_send_reply("403", "Too many");\n        exit;\n    }\n' + OK,
        good=MODULES + LIMIT + 'request_route {\n    if (is_method("REGISTER") && !save("location", "0x06")) {\n'
        '        sl_send_reply("403", "Too many");\n        exit;\n    }\n' + OK,
        fixed=MODULES + LIMIT + 'request_route {\n    if (is_method("REGISTER") && !save("location", "0x06")) {\n'
        '        sl_send_reply("403", "Too many");\n        exit;\n    }\n' + OK,
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    yield from refused(kamailio, probes(kamailio).second_contact, "a phone that has moved", "moved")


def fix(phone: TurnedAway) -> Fix | None:
    calls = [located.call for located in phone.kamailio.calls_of("save")]
    return remedy(phone, (change for call in calls if (change := replacing(call)) is not None))


CHECK = Check(find, level="warning", category="answer", request="REGISTER", fix=fix)
