"""Credentials are asked for one realm, and looked for under another.

Why it matters: the client sends its credentials for the realm of the challenge. The check takes only those whose realm
is its own first argument (auth/api.c:pre_auth, which compares without regard to case, less `realm_prefix`): it finds
none, and the client is challenged again, whatever its password is.

Client sees: REGISTER -> 401 -> 401

Log: Nothing.

RFC: 3261 section 22.1: the realm tells the user which password is asked for.

Verdict: spurious. The password is right.

Does not help: another password.

Fix: the same realm in both: the challenge asks for the one that is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

from ._replies import challenge

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "usrloc", "registrar", "auth", "auth_db"))

EXAMPLES = [
    Example(
        bad=MODULES + 'request_route {\n    if (!auth_check("example.org", "subscriber", "1")) {\n'
        '        auth_challenge(«"asterisk"», "1");\n        exit;\n    }\n    save("location");\n}\n',
        good=MODULES + 'request_route {\n    if (!auth_check("example.org", "subscriber", "1")) {\n'
        '        auth_challenge("Example.org", "1");\n        exit;\n    }\n    save("location");\n}\n',
        fixed=MODULES + 'request_route {\n    if (!auth_check("example.org", "subscriber", "1")) {\n'
        '        auth_challenge("example.org", "1");\n        exit;\n    }\n    save("location");\n}\n',
    ),
    Example(
        bad='request_route {\n    if (!www_authorize("a.example", "subscriber")) {\n'
        '        www_challenge(«"b.example"», "0");\n    }\n}\n',
        good='loadmodule "auth.so"\nmodparam("auth", "realm_prefix", "sip.")\nrequest_route {\n'
        '    if (!www_authorize("sip.a.example", "users")) {\n        www_challenge("a.example", "0");\n    }\n}\n',
        fixed='request_route {\n    if (!www_authorize("a.example", "subscriber")) {\n'
        '        www_challenge("a.example", "0");\n    }\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition in kamailio.conditions:
        test = condition.only
        asked = challenge(kamailio, condition.node.body) if test is not None and test.negated else None
        if asked is None or test is None or not _is_check(test.node) or not asked.arguments:
            continue
        wanted, given = _realm(kamailio, test.node.arguments[0]), _realm(kamailio, asked.arguments[0])
        if wanted and given and wanted != given:
            message = (
                f"credentials for '{given}' are asked for, and {test.node.name}() takes those for '{wanted}' alone"
            )
            realms = test.node.arguments[0], asked.arguments[0]
            yield Defect(asked.arguments[0].place, message, (Note(test.node.arguments[0].place, "here"),), realms)


def _is_check(node: object) -> bool:
    return isinstance(node, Call) and node.name in (*DATABASE_CHECKS, *PASSWORD_CHECKS) and bool(node.arguments)


def _realm(kamailio: Kamailio, argument: object) -> str:
    """A realm that is written out, as the server compares it; empty for any other."""
    prefix = kamailio.parameters.text("auth", "realm_prefix", "")
    text = literal(argument)
    return "" if text is None or prefix is None else text.removeprefix(prefix).lower()


def fix(realms: tuple[Any, Any]) -> Fix | None:
    """The check tells what is meant: the passwords are those of its realm."""
    checked, asked = realms
    if not written(checked) or not written(asked):
        return None
    return Fix("challenge for what is checked", (replace(asked.place, checked.place.text),), SAFE)


CHECK = Check(find, level="error", category="answer", fix=fix)
