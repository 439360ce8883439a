"""A request is refused, and handled all the same.

Why it matters: a reply does not end the script (sl/sl_funcs.c, auth/auth_mod.c): without `exit` it goes on, and the
request that was refused, or only challenged, is relayed or registered. The client hears the first reply and gives up,
while its call rings; behind a challenge, save() registers strangers.

Verdict: deserved, but it does not keep anybody out.

Fix: `exit` behind the reply. Unsafe: who got through by this gets in no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import CHALLENGES, LOGGING, RELAYS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.graph import MAIN, NAMED
from cfglint.syntax.kamailio.nodes import Assignment, Block, Call, If, Statement

from ._replies import ends, reply_code, statements

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($si != "192.0.2.7") {\n        «sl_send_reply("403", "Forbidden")»;\n    }\n'
        "    t_relay();\n}\n",
        good='request_route {\n    if ($si != "192.0.2.7") {\n        sl_send_reply("403", "Forbidden");\n'
        "        exit;\n    }\n    t_relay();\n}\n",
        fixed='request_route {\n    if ($si != "192.0.2.7") {\n        sl_send_reply("403", "Forbidden");\n'
        "        exit;\n    }\n    t_relay();\n}\n",
    ),
    Example(
        bad='request_route {\n    if (!www_authorize("a.example", "subscriber")) {\n'
        '        «www_challenge("a.example", "1")»;\n    }\n    save("location");\n}\n',
        fixed='request_route {\n    if (!www_authorize("a.example", "subscriber")) {\n'
        '        www_challenge("a.example", "1");\n        exit;\n    }\n    save("location");\n}\n',
        good='request_route {\n    if (is_method("INVITE")) {\n        sl_send_reply("100", "Trying");\n    }\n'
        "    t_relay();\n}\n",
    ),
    Example(
        bad='request_route {\n    if (!allow_trusted()) «send_reply("403", "No")»;\n    t_relay();\n}\n',
        good='request_route {\n    if (!allow_trusted()) { send_reply("403", "No"); exit; }\n    t_relay();\n}\n',
        fixed='request_route {\n    if (!allow_trusted()) { send_reply("403", "No"); exit; }\n    t_relay();\n}\n',
    ),
]

PASSING_ON = (*RELAYS, "save")
REPLIED = 300
"""From here on a reply is a refusal, or sends the client elsewhere."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Block):
        if located.route.kind not in (MAIN, NAMED):
            continue
        refusals: list[tuple[Call, Statement]] = []
        for statement in located.node.statements:
            if isinstance(statement, Call) and statement.name in PASSING_ON:
                done = "registered" if statement.name == "save" else "relayed"
                for reply, body in refusals:
                    message = f"the script goes on behind this, and the request is {done} all the same"
                    yield Defect(reply.place, message, (Note(statement.place, "here"),), (reply, body))
            if ends(statement) or (isinstance(statement, Call) and statement.name in PASSING_ON):
                break
            refusals += _refusals(statement)


def _refusals(statement: Any) -> Iterator[tuple[Call, Statement]]:
    """The refusals with which a branch of a statement ends, though the script does not, and the branch's body."""
    if isinstance(statement, If) and statement.otherwise is None:
        for branch in statement.branches:
            *before, last = statements(branch.body) or [branch.body]
            plain = all(isinstance(s, Assignment) or (isinstance(s, Call) and s.name in LOGGING) for s in before)
            if plain and isinstance(last, Call) and _refuses(last):
                yield last, branch.body


def _refuses(call: Call) -> bool:
    code = reply_code(call)
    asks = call.name in CHALLENGES and bool(call.arguments) and literal(call.arguments[0]) != ""
    return asks or (code is not None and code >= REPLIED)


def fix(subject: tuple[Call, Statement]) -> Fix | None:
    reply, body = subject
    if not written(reply):
        return None
    source = reply.home.source
    indentation = source.text[source.line_span(reply.start).start : reply.start]
    if not isinstance(body, Block):
        edits = insert(source, reply.start, "{ "), insert(source, reply.stop, " exit; }")
        return Fix("end there", edits)
    between = " " if indentation.strip() else source.newline + indentation
    return Fix("end there", (insert(source, reply.stop, f"{between}exit;"),))


CHECK = Check(find, level="warning", category="security", fix=fix)
