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

Fix: leave it at 300.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='modparam("auth", "nonce_expire", «3»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "nonce_expire", 60)\nrequest_route {\n    exit;\n}\n',
    ),
]

SHORT = 10
"""Seconds in which a phone that looks a name up, or asks its user, may not have answered."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("auth", "nonce_expire")
    if setting is not None and setting.number is not None and 0 < setting.number < SHORT:
        yield Defect(setting.node.value.place, f"a nonce is stale after {setting.number} s: each request is challenged")


CHECK = Check(find, level="info", category="answer")
