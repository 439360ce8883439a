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
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import CHALLENGES, LOGGING, RELAYS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.graph import MAIN, NAMED
from cfglint.syntax.kamailio.nodes import Assignment, Block, Call, If

from ._replies import ends, reply_code, statements

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($si != "192.0.2.7") {\n        «sl_send_reply("403", "Forbidden")»;\n    }\n'
        "    t_relay();\n}\n",
        good='request_route {\n    if ($si != "192.0.2.7") {\n        sl_send_reply("403", "Forbidden");\n'
        "        exit;\n    }\n    t_relay();\n}\n",
    ),
    Example(
        bad='request_route {\n    if (!www_authorize("a.example", "subscriber")) {\n'
        '        «www_challenge("a.example", "1")»;\n    }\n    save("location");\n}\n',
        good='request_route {\n    if (is_method("INVITE")) {\n        sl_send_reply("100", "Trying");\n    }\n'
        "    t_relay();\n}\n",
    ),
]

PASSING_ON = (*RELAYS, "save")
REPLIED = 300
"""From here on a reply is a refusal, or sends the client elsewhere."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Block):
        if located.route.kind not in (MAIN, NAMED):
            continue
        refusals: list[Call] = []
        for statement in located.node.statements:
            if isinstance(statement, Call) and statement.name in PASSING_ON:
                done = "registered" if statement.name == "save" else "relayed"
                for reply in refusals:
                    message = f"the script goes on behind this, and the request is {done} all the same"
                    yield Defect(reply.place, message, (Note(statement.place, "here"),))
            if ends(statement) or (isinstance(statement, Call) and statement.name in PASSING_ON):
                break
            refusals += _refusals(statement)


def _refusals(statement: Any) -> Iterator[Call]:
    """The refusals with which a branch of a statement ends, though the script does not."""
    if isinstance(statement, If) and statement.otherwise is None:
        for branch in statement.branches:
            *before, last = statements(branch.body) or [branch.body]
            plain = all(isinstance(s, Assignment) or (isinstance(s, Call) and s.name in LOGGING) for s in before)
            if plain and isinstance(last, Call) and _refuses(last):
                yield last


def _refuses(call: Call) -> bool:
    code = reply_code(call)
    asks = call.name in CHALLENGES and bool(call.arguments) and literal(call.arguments[0]) != ""
    return asks or (code is not None and code >= REPLIED)


CHECK = Check(find, level="warning", category="security")
