"""Who passes the check is refused.

Why it matters: functions that allow, or that find a password right, return more than 0, and that is true: without a !
the branch that refuses, or that asks for a password, is taken by exactly those who pass, and strangers go on.

Client sees: those who are listed, where the script answers so: INVITE -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious, and strangers get in.

Does not help: adding the address once more.

Fix: put a ! in front. Unsafe: those who were refused get in.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import BY_TRUST, DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

from ._replies import challenge, refusal
from ._return_mode import keeps_codes

EXAMPLES = [
    Example(
        bad='request_route {\n    if («allow_trusted()») {\n        send_reply("403", "Forbidden");\n    }\n}\n',
        good='request_route {\n    if (!allow_trusted()) {\n        send_reply("403", "Forbidden");\n    }\n}\n',
        fixed='request_route {\n    if (!allow_trusted()) {\n        send_reply("403", "Forbidden");\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    if («auth_check("$fd", "users", "1")») auth_challenge("$fd", "1");\n}\n',
        good='request_route {\n    if (allow_source_address("200")) send_reply("403", "Banned");\n}\n',
        fixed='request_route {\n    if (!auth_check("$fd", "users", "1")) auth_challenge("$fd", "1");\n}\n',
    ),
]

_ALLOWING = (*DATABASE_CHECKS, *PASSWORD_CHECKS, *BY_TRUST, "allow_routing", "allow_register", "allow_uri")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if keeps_codes(kamailio):
        return
    for condition in kamailio.conditions:
        test = condition.only
        if test is None or test.negated or not _allows(test.node):
            continue
        refused = refusal(kamailio, condition.node.body) or challenge(kamailio, condition.node.body)
        if refused is not None:
            message = f"{test.node.name}() is true for who passes it, and those are refused"
            yield Defect(test.node.place, message, (Note(refused.place, "here"),), test.node, answers=(403,))


def _allows(node: object) -> bool:
    """Is it a call that is true for those who may pass? Groups of addresses may be lists of who may not."""
    if not isinstance(node, Call):
        return False
    trusted = node.name == "allow_source_address" and (not node.arguments or literal(node.arguments[0]) == "1")
    return trusted or node.name in _ALLOWING


def fix(call: Call) -> Fix | None:
    return Fix("refuse the others", (insert(call.home.source, call.start, "!"),)) if written(call) else None


CHECK = Check(find, level="warning", category="answer", fix=fix)
