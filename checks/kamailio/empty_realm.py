"""A digest is checked, or asked for, with an empty realm.

Why it matters: OpenSER took the empty string for "the domain of the request". Kamailio refuses it when it prepares the
call (auth_db_mod.c:auth_fixup, auth_mod.c:fixup_auth_challenge), and does not start; `kamailio -c` does not get that
far.

Client sees: as the server does not start: any request -> no answer

Log:
    empty parameter 1 not allowed

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: "$td" where phones register, "$fd" elsewhere; the same in the check and in the challenge. Unsafe: stored hashes
were made for one realm.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import CHALLENGES, DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

EXAMPLES = [
    Example(
        bad='request_route {\n    if (!www_authorize(«""», "subscriber")) www_challenge(«""», "1");\n}\n',
        good='request_route {\n    if (!www_authorize("$td", "subscriber")) www_challenge("$td", "1");\n}\n',
        fixed='request_route {\n    if (!www_authorize("$td", "subscriber")) www_challenge("$td", "1");\n}\n',
    ),
    Example(
        bad='request_route {\n    auth_challenge(«""», "1");\n}\n',
        good='request_route {\n    auth_challenge("$fd", "1");\n}\n',
        fixed='request_route {\n    auth_challenge("$fd", "1");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls_of(*DATABASE_CHECKS, *PASSWORD_CHECKS, *CHALLENGES):
        call = located.call
        if call.arguments and literal(call.arguments[0]) == "":
            message = f"{call.name}() takes no empty realm, and the server does not start"
            yield Defect(call.arguments[0].place, message, subject=call)


def fix(call: Call) -> Fix | None:
    realm = call.arguments[0]
    if not written(realm):
        return None
    domain = '"$td"' if call.name.startswith(("www_", "pv_www_")) else '"$fd"'
    return Fix("the domain of the user", (replace(realm.place, domain),))


CHECK = Check(find, level="error", category="load", fix=fix)
