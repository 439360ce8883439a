"""A stateless reply is sent from a route that also works on transactions.

Why it matters: sl_send_reply() is for requests. In a failure_route or branch_route the parser refuses it, but not in a
route[X] that is called from there (core/cfg.y, find_export_record). Then the reply goes past the transaction, which
sends its own as well, and that one is what accounting sees. The phone obeys the first.

Log: Nothing.

RFC: 3261 section 17.2.2: once a final response was sent, the transaction takes no other.

Fix: send_reply(), which replies through the transaction if there is one. Safe: the same code and reason are sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

EXAMPLES = [
    Example(
        bad='failure_route[F] {\n    route(DENY);\n}\nroute[DENY] {\n    «sl_send_reply("403", "No")»;\n}\n',
        good='failure_route[F] {\n    route(DENY);\n}\nroute[DENY] {\n    send_reply("403", "No");\n}\n',
        fixed='failure_route[F] {\n    route(DENY);\n}\nroute[DENY] {\n    send_reply("403", "No");\n}\n',
    ),
]

_KINDS = ("failure_route", "branch_route")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls_of("sl_send_reply"):
        ways = kamailio.graph.ways(located.route)
        for kind in _KINDS:
            if ways.get(kind):
                message = f"called from a {kind}, this goes past the transaction, which sends a reply of its own"
                note = Note(ways[kind][0].call.place, "it is called from here")
                yield Defect(located.call.place, message, (note,), located.call)
                break


def fix(call: Call) -> Fix | None:
    return (
        Fix("reply through the transaction", (replace(call.word.place, "send_reply"),), SAFE) if written(call) else None
    )


CHECK = Check(find, level="info", category="answer", fix=fix)
