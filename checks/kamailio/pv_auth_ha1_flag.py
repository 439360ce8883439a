"""A password in the script is taken for a hash, or a hash for a password.

Why it matters: flag 1 of pv_www_authenticate(), pv_proxy_authenticate() and pv_auth_check() says that the second
argument is HA1 already (auth/api.h, AUTH_FLAG_PASSWDHA1). With the wrong flag no response ever fits: the function
returns -2 for the right password, and the phone is challenged for ever or gets 403.

Client sees: where -2 is challenged again: REGISTER -> 401 -> 401; where -2 is answered so: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The password is right; it is compared with something else.

Does not help: typing the password again.

Fix: add or take away 1. Unsafe: a door opens that was shut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.nodes import Call, String

SCRIPT = (
    'loadmodule "sl"\nloadmodule "textops"\nloadmodule "auth"\nrequest_route {{\n'
    '    if (!pv_www_authenticate("example.org", "s3cret", {flags})) {{\n'
    '        if (is_present_hf("Authorization")) {{ {refusal}; exit; }}\n'
    '        www_challenge("example.org", "0");\n        exit;\n    }}\n    sl_send_reply("200", "OK");\n}}\n'
)
AGAIN, REFUSED = 'www_challenge("example.org", "0")', 'sl_send_reply("403", "No")'

EXAMPLES = [
    Example(
        bad=SCRIPT.format(flags='«"1"»', refusal=AGAIN),
        good=SCRIPT.format(flags='"0"', refusal=AGAIN),
        fixed=SCRIPT.format(flags='"0"', refusal=AGAIN),
    ),
    Example(
        bad=SCRIPT.format(flags='«"1"»', refusal=REFUSED),
        good=SCRIPT.format(flags='"0"', refusal=REFUSED),
        fixed=SCRIPT.format(flags='"0"', refusal=REFUSED),
    ),
    Example(
        bad='request_route {\n    if (!pv_www_authenticate("example.org", "s3cret", «"1"»)) exit;\n}\n',
        good='request_route {\n    if (!pv_www_authenticate("example.org", "s3cret", "0")) exit;\n}\n',
        fixed='request_route {\n    if (!pv_www_authenticate("example.org", "s3cret", "0")) exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    pv_auth_check("a", "0123456789abcdef0123456789ABCDEF", «2», "0");\n}\n',
        good='request_route {\n    pv_auth_check("a", "0123456789abcdef0123456789abcdef", "3", "0");\n}\n',
        fixed='request_route {\n    pv_auth_check("a", "0123456789abcdef0123456789ABCDEF", 3, "0");\n}\n',
    ),
]

_HA1 = r"(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})"


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls_of(*PASSWORD_CHECKS):
        call = located.call
        password = literal(call.arguments[1]) if len(call.arguments) > 2 else None
        flags = decimal(literal(call.arguments[2]) or "") if password else None
        if password is None or flags is None:
            continue
        hashed = re.fullmatch(_HA1, password) is not None
        if hashed != bool(flags & 1):
            what = "a hash is taken for the password" if hashed else "the password is taken for a hash"
            yield Defect(call.arguments[2].place, f"with these flags {what}: no response fits", subject=call)


def fix(call: Call) -> Fix | None:
    argument = call.arguments[2]
    if not written(argument):
        return None
    flags = str((decimal(literal(argument) or "") or 0) ^ 1)
    text = f'"{flags}"' if isinstance(argument, String) else flags
    return Fix("the other kind", (replace(argument.place, text),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
