"""A gateway is only known when it sends from the port that is listed.

Why it matters: ds_is_from_list() compares address and port (not the protocol) with the destinations
(dispatcher/dispatch.c:ds_is_addr_from_set). A gateway that calls over TCP or TLS, from behind a NAT or from another
port, is a stranger, and gets 403. Mode 1 leaves the port out of account, 3 the protocol, too; a destination without a
port matches all.

Client sees: from another port: INVITE -> 403

Log: Nothing.

RFC: 3261 section 18.2.2: the port for answers stands in Via; the one that a request comes from says nothing.

Verdict: spurious. The gateway's address is listed.

Does not help: another row with the same port.

Fix: ds_is_from_list("1", "3") where the address is enough. Unsafe: it lets in who sends from another port.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.nodes import Call

from ._replies import refusing

EXAMPLES = [
    Example(
        bad='request_route {\n    if (!«ds_is_from_list("1")») {\n        send_reply("403", "No");\n    }\n}\n',
        good='request_route {\n    if (!ds_is_from_list("1", "3")) {\n        send_reply("403", "No");\n    }\n}\n',
        fixed='request_route {\n    if (!ds_is_from_list("1", "3")) {\n        send_reply("403", "No");\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    if («ds_is_from_list("1")») {\n        t_relay();\n    } else {\n'
        '        route(DENY);\n    }\n}\nroute[DENY] {\n    send_reply("403", "No");\n    exit;\n}\n',
        good='request_route {\n    if (ds_is_from_list("1")) {\n        setflag(1);\n    } else {\n        route(IN);\n'
        "    }\n}\nroute[IN] {\n    t_relay();\n}\n",
        fixed='request_route {\n    if (ds_is_from_list("1", "3")) {\n        t_relay();\n    } else {\n'
        '        route(DENY);\n    }\n}\nroute[DENY] {\n    send_reply("403", "No");\n    exit;\n}\n',
    ),
]

IGNORE_PORT = 1


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition, _, holds in refusing(kamailio) if kamailio.calls_of("ds_is_from_list") else ():
        for term in condition.terms:
            if isinstance(term.node, Call) and term.node.name == "ds_is_from_list" and term.negated == holds:
                mode = literal(term.node.arguments[1]) if len(term.node.arguments) > 1 else "0"
                flags = decimal(mode) if mode is not None else None
                if flags is not None and not flags & IGNORE_PORT:
                    message = "a gateway that sends from another port than the listed one is refused"
                    yield Defect(term.node.place, message, subject=term.node)


def fix(call: Call) -> Fix | None:
    if not call.arguments or not written(*call.arguments):
        return None
    first, *modes = call.arguments
    edit = replace(modes[0].place, '"3"') if modes else insert(first.home.source, first.end, ', "3"')
    return Fix("leave port and protocol out of account", (edit,))


CHECK = Check(find, level="info", category="answer", fix=fix)
