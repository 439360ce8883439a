"""A nonce only counts for requests that look like the one it was given for.

Why it matters: `auth_checks_register`, `auth_checks_no_dlg` and `auth_checks_in_dlg` bind a nonce to the request-URI
(1), the Call-ID (2), the From tag (4) or the source address (8) of the request that was challenged
(auth/nonce.c:get_auth_checks). A phone that moves, or whose NAT takes another address, gets -4 as if the nonce were
stale. That is harmless as long as the script answers it with a new challenge.

Client sees: where -4 is answered with 403: REGISTER -> 401 -> 403

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The credentials are right; the nonce was given for another request.

Does not help: typing the password again.

Fix: none is needed where a failed check is always challenged again; otherwise leave the bit out.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='modparam("auth", "auth_checks_register", «9»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "auth_checks_register", 0)\nrequest_route {\n    exit;\n}\n',
    ),
]

_BITS = {1: "request-URI", 2: "Call-ID", 4: "From tag", 8: "source address"}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for setting in kamailio.parameters.all("auth", "auth_checks_register", "auth_checks_no_dlg", "auth_checks_in_dlg"):
        bound = [name for bit, name in _BITS.items() if (setting.number or 0) & bit]
        if bound:
            *first, last = bound
            what = f"{', '.join(first)} or {last}" if first else last
            yield Defect(setting.node.value.place, f"a nonce is stale as soon as the {what} is another")


CHECK = Check(find, level="info", category="answer")
