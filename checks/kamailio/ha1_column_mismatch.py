"""The column of passwords holds hashes that are hashed again, or passwords that are taken for hashes.

Why it matters: with `calculate_ha1` auth_db makes the hash of what it reads, without it what it reads is the hash
(auth_db/authorize.c:get_ha1). The defaults are 0 and the column `ha1`. Where the two do not fit, the right password is
a wrong one: -2, and 401 for ever or 403.

Client sees: where -2 is challenged again: REGISTER -> 401 -> 401; where -2 is answered so: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again or answer 403; only if the nonce
was stale may the client send the same ones again.

Verdict: spurious. The password is right; it is compared with something else.

Does not help: typing the password again, here or in the phone.

Fix: `calculate_ha1` 0 for a column of hashes, 1 for one of passwords. Unsafe: it lets in who knows what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import add_line_below, written
from cfglint.model.kamailio.parameters import Setting
from cfglint.namedtuples import NamedTuple

EXAMPLES = [
    Example(
        bad='modparam("auth_db", "calculate_ha1", «yes»)\nmodparam("auth_db", "password_column", "ha1")\n'
        'request_route {\n    auth_check("$fd", "subscriber", "1");\n}\n',
        good='modparam("auth_db", "password_column", "ha1")\n'
        'request_route {\n    auth_check("$fd", "subscriber", "1");\n}\n',
        fixed='modparam("auth_db", "calculate_ha1", 0)\nmodparam("auth_db", "password_column", "ha1")\n'
        'request_route {\n    auth_check("$fd", "subscriber", "1");\n}\n',
    ),
    Example(
        bad='modparam("auth_db", "password_column", «"password"»)\n'
        'request_route {\n    www_authorize("a", "subscriber");\n}\n',
        good='modparam("auth_db", "calculate_ha1", 1)\nmodparam("auth_db", "password_column", "password")\n'
        'request_route {\n    www_authorize("a", "subscriber");\n}\n',
        fixed='modparam("auth_db", "password_column", "password")\nmodparam("auth_db", "calculate_ha1", 1)\n'
        'request_route {\n    www_authorize("a", "subscriber");\n}\n',
    ),
    Example(
        bad='modparam("auth_db", "calculate_ha1", «1»)\nrequest_route {\n    proxy_authorize("a", "subscriber");\n}\n',
        good='modparam("auth_db", "calculate_ha1", 1)\nmodparam("auth_db", "password_column", "sippasswd")\n'
        'request_route {\n    proxy_authorize("a", "subscriber");\n}\n',
    ),
]

_HASHES = r"(?i)(?:.*_)?(?:ha1b?|md5|hash)(?:_.*)?"
_PASSWORDS = r"(?i)(?:(?:sip|clear|plain|plaintext|cleartext|user)_?)?(?:password|passwd|pass|secret)"


class Mismatch(NamedTuple):
    """The lines that do not go together."""

    calculate: Setting | None
    column: Setting | None


def find(kamailio: Kamailio) -> Iterator[Defect]:
    calculate = kamailio.parameters.last("auth_db", "calculate_ha1")
    column = kamailio.parameters.last("auth_db", "password_column")
    name = kamailio.parameters.text("auth_db", "password_column", "ha1")
    calculated = kamailio.parameters.number("auth_db", "calculate_ha1", 0)
    if not kamailio.whole or name is None or calculated is None or not kamailio.calls_of(*DATABASE_CHECKS):
        return
    subject = Mismatch(calculate, column)
    if calculate is not None and calculated and re.fullmatch(_HASHES, name):
        message = f"hashes are made of the column '{name}', which holds hashes by its name: no password fits"
        notes = (Note(column.node.value.place, "the column"),) if column is not None else ()
        yield Defect(calculate.node.value.place, message, notes, subject)
    elif column is not None and not calculated and re.fullmatch(_PASSWORDS, name):
        message = f"the column '{name}' holds passwords by its name, and they are taken for hashes: none fits"
        notes = (Note(calculate.node.value.place, "no hash is made"),) if calculate is not None else ()
        yield Defect(column.node.value.place, message, notes, subject)


def fix(mismatch: Mismatch) -> Fix | None:
    calculate, column = mismatch
    if column is None or not written(column.node, *([calculate.node.value] if calculate else [])):
        return None
    if calculate is None:
        line = 'modparam("auth_db", "calculate_ha1", 1)'
        return Fix("make hashes of the passwords", (add_line_below(column.node, line),))
    title, value = ("take the hashes as they are", "0") if calculate.number else ("make hashes of the passwords", "1")
    return Fix(title, (replace(calculate.node.value.place, value),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
