"""Calls are relayed without Record-Route, but a dialog's requests need a Route.

Why it matters: loose_route() only follows a Route header, and a phone sends one when the INVITE carried a Record-Route
(RFC 3261, 12.1). Without record_route() the BYE or the second INVITE goes past this server, or comes without a Route:
loose_route() is false, the request is refused, and the call hangs.

Client sees: where the script refuses requests within dialogs so: BYE -> 403; or: BYE -> 404

Log: Nothing.

RFC: 3261 section 16.6: a proxy that wants to stay in the path of a dialog inserts a Record-Route (step 4).

Verdict: spurious. The call was set up through this server.

Does not help: another address in Contact.

Fix: record_route() before the INVITE is relayed. Unsafe: requests of a dialog come here that did not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import RELAYS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Condition
from cfglint.model.kamailio.editing import put_before, written
from cfglint.syntax.kamailio.nodes import Call, CoreTest, walk

from ._replies import reply_code, sequences

EXAMPLES = [
    Example(
        bad="request_route {\n    if (has_totag()) {\n        if («loose_route()») {\n            t_relay();\n"
        '        } else {\n            send_reply("404", "Not here");\n        }\n        exit;\n    }\n'
        "    t_relay();\n}\n",
        good="request_route {\n    if (has_totag()) {\n        if (loose_route()) {\n            t_relay();\n"
        '        } else {\n            send_reply("404", "Not here");\n        }\n        exit;\n    }\n'
        "    record_route();\n    t_relay();\n}\n",
        fixed="request_route {\n    if (has_totag()) {\n        if (loose_route()) {\n            t_relay();\n"
        '        } else {\n            send_reply("404", "Not here");\n        }\n        exit;\n    }\n'
        "    record_route();\n    t_relay();\n}\n",
    ),
]

_RECORD = ("record_route", "record_route_preset", "record_route_advertised_address", "add_rr_param")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.engine is not None or kamailio.calls_of(*_RECORD):
        return
    dialog = [condition.node for condition in kamailio.conditions if _is_dialog(condition)]
    narrow = [condition.node.body for condition in kamailio.conditions if _is_narrow(condition)]
    elsewhere = {part for part in walk([*dialog, *narrow]) if isinstance(part, Call)}
    relays = [located.call for located in kamailio.calls_of(*RELAYS) if located.call not in elsewhere]
    refused = next((part for part in walk(dialog) if (reply_code(part) or 0) >= 400), None)
    followed = next((part for part in walk(dialog) if isinstance(part, Call) and part.name == "loose_route"), None)
    if relays and refused is not None and followed is not None:
        notes = (Note(relays[0].place, "relayed without Record-Route"), Note(refused.place, "refused without Route"))
        message = "no phone sends a Route, as record_route() is never called: what belongs to a call is refused"
        plainly = {statement for statements in sequences(kamailio) for statement in statements}
        subject = relays[0] if len(relays) == 1 and relays[0] in plainly else None
        yield Defect(followed.place, message, notes, subject, answers=(reply_code(refused) or 0,))


def _is_dialog(condition: Condition) -> bool:
    """Is it for requests within a dialog?"""
    calls = (term.node for term in condition.terms if isinstance(term.node, Call) and not term.negated)
    return any(call.name == "has_totag" for call in calls)


def _is_narrow(condition: Condition) -> bool:
    """Is it for CANCEL or ACK?"""
    return any(not term.negated and _names_end(term.node) for term in condition.terms)


def _names_end(test: Any) -> bool:
    text = test.place.text if isinstance(test, Call | CoreTest) else ""
    return "CANCEL" in text or "ACK" in text or text.startswith("t_check_trans")


def fix(relay: Call) -> Fix | None:
    return Fix("stay in the path", (put_before(relay, "record_route();"),)) if written(relay) else None


CHECK = Check(find, level="warning", category="answer", fix=fix, request="BYE")
