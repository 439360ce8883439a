"""The script answers a REGISTER that save() has answered already.

Why it matters: unless its flags hold 2, save() sends the final reply itself, the refusing ones too (registrar/save.c,
reply.c): 503 for too many contacts, 400, 420, 423, 500. A second reply behind it reaches a phone that has heard the
first: nobody ever sees its code.

Log: Nothing.

RFC: 3261 section 17.2.2: once a final response was sent, the transaction takes no other.

Fix: take the reply away. Safe: the phone gets what it got. Where the code matters, give save() the flag 0x02 and answer
in both cases.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import remove_statement, written
from cfglint.model.kamailio.graph import MAIN, NAMED
from cfglint.syntax.kamailio.nodes import Block, Call

from ._registrar import save_flags
from ._replies import refusal

EXAMPLES = [
    Example(
        bad='route[A] {\n    if (!save("location")) {\n        «send_reply("403", "No")»;\n        exit;\n    }\n}\n',
        good='route[A] {\n    if (!save("location", "0x02")) {\n        sl_send_reply("403", "No");\n    }\n}\n',
        fixed='route[A] {\n    if (!save("location")) {\n        exit;\n    }\n}\n',
    ),
]


NO_REPLY = 2
"""The flag of save() that leaves the reply to the script."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition in kamailio.conditions:
        test, body = condition.only, condition.node.body
        if test is None or not test.negated or condition.route.kind not in (NAMED, MAIN):
            continue
        reply = refusal(kamailio, body) if isinstance(test.node, Call) and test.node.name == "save" else None
        if reply is not None and _answers(test.node):
            message = "save() has sent its own reply: the phone never sees this one"
            alone = not isinstance(body, Block) or len(body.statements) == 1
            yield Defect(reply.place, message, (Note(test.node.place, "here"),), None if alone else reply)


def _answers(save: Call) -> bool:
    """Does it send a reply itself?"""
    flags = save_flags(save)
    return flags is not None and not flags & NO_REPLY


def fix(reply: Call) -> Fix | None:
    return Fix("leave the reply to save()", (remove_statement(reply),), SAFE) if written(reply) else None


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
