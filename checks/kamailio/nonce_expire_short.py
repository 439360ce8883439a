"""A nonce is stale before a slow phone has used it.

Why it matters: a nonce that is older than `nonce_expire` seconds gives -4 (auth/nonce.c:check_nonce). Most phones
answer the new challenge; some ask their user for the password again, and a script that answers -4 with 403 shuts them
out.

Client sees: where -4 is answered with 403: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The password was right.

Does not help: typing the password again.

Fix: take the line away: 300 seconds are the default. Unsafe: credentials that somebody overheard are good for longer.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import remove_item, written
from cfglint.model.kamailio.parameters import Setting

EXAMPLES = [
    Example(
        bad='modparam("auth", "nonce_expire", «3»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "nonce_expire", 60)\nrequest_route {\n    exit;\n}\n',
        fixed="request_route {\n    exit;\n}\n",
    ),
]

SHORT = 10
"""Seconds in which a phone that looks a name up, or asks its user, may not have answered."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("auth", "nonce_expire")
    if setting is not None and setting.number is not None and 0 < setting.number < SHORT:
        message = f"a nonce is stale after {setting.number} s: each request is challenged"
        yield Defect(setting.node.value.place, message, subject=setting)


def fix(setting: Setting) -> Fix | None:
    return Fix("go back to 300 seconds", (remove_item(setting.node),)) if written(setting.node) else None


CHECK = Check(find, level="info", category="answer", fix=fix)
