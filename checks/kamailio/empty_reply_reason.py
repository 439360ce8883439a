"""A reply without a reason is not sent.

Why it matters: from 6.0 on sl_send_reply() and send_reply() refuse an empty reason (sl/sl.c, sl/sl_funcs.c) and send
nothing: the phone hears nothing and tries again. Earlier versions send the reply without a reason, which phones accept.

Client sees: from 6.0 on: REGISTER -> no answer

Log:
    reply reason is null or empty

RFC: 3261 section 7.2: the reason may be empty; the grammar allows it, the function does not.

Verdict: spurious, if the reply is one that lets somebody in.

Does not help: another code.

Fix: write a reason. Safe: the reply that stands there is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple

from ._replies import reply_code

EXAMPLES = [
    Example(
        bad='request_route {\n    sl_send_reply("403", «""»);\n}\n',
        good='request_route {\n    sl_send_reply("403", "Forbidden");\n}\n',
        fixed='request_route {\n    sl_send_reply("403", "Forbidden");\n}\n',
        targets=("kamailio=6.1",),
    ),
    Example(
        bad='request_route {\n    send_reply(480, «""»);\n}\n',
        good='request_route {\n    send_reply(480, "Gone");\n}\n',
        fixed='request_route {\n    send_reply(480, "Temporarily Unavailable");\n}\n',
    ),
]

_PHRASES = {
    180: "Ringing",
    183: "Session Progress",
    407: "Proxy Authentication Required",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    483: "Too Many Hops",
    484: "Address Incomplete",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    600: "Busy Everywhere",
    603: "Decline",
    604: "Does Not Exist Anywhere",
}
"""Reasons of RFC 3261, section 21, that HTTP does not have."""


class Bare(NamedTuple):
    """The empty reason of a reply."""

    reason: Any
    code: int


def find(kamailio: Kamailio) -> Iterator[Defect]:
    always = kamailio.releases <= {"6.0", "6.1"}
    for located in kamailio.calls_of("sl_send_reply", "send_reply"):
        arguments, code = located.call.arguments, reply_code(located.call)
        if len(arguments) == 2 and literal(arguments[1]) == "" and code is not None:
            message = f"no reply is sent{'' if always else ' from 6.0 on'}, as the reason is empty"
            level = "error" if always else "info"
            yield Defect(arguments[1].place, message, subject=Bare(arguments[1], code), level=level)


def fix(bare: Bare) -> Fix | None:
    from http import HTTPStatus  # slow to import, rarely needed

    phrase = _PHRASES.get(bare.code) or next((s.phrase for s in HTTPStatus if s == bare.code), None)
    if phrase is None or not written(bare.reason):
        return None
    return Fix("the usual reason", (replace(bare.reason.place, f'"{phrase}"'),), SAFE)


CHECK = Check(find, level="error", category="answer", fix=fix)
