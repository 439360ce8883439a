"""A reply is sent through a transaction that does not exist.

Why it matters: t_reply() needs a transaction that t_newtran() or t_relay() has made; without one tm/tm.c:ki_t_reply
sends nothing. The phone hears nothing, and tries again until it gives up.

Client sees: where nothing else answers: REGISTER -> no answer

Log: Of t_reply(): that no T-state has been established.
    for which no T-state has been established

RFC: 3261 section 8.2.6: a request other than INVITE is answered with a final response as soon as possible.

Verdict: spurious. A reply was meant to be sent.

Does not help: anything that is changed in the phone, or in the firewall.

Fix: send_reply(), which works with a transaction and without. Safe: the reply that stands there is sent.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import LOOKS_AT_TRANSACTIONS, MAKE_NO_TRANSACTION
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.graph import MAIN
from cfglint.model.kamailio.script import Located
from cfglint.syntax.kamailio.items import Route
from cfglint.syntax.kamailio.nodes import Call

EXAMPLES = [
    Example(
        bad='loadmodule "sl"\nrequest_route {\n    if ($rU == 1) {\n        «t_reply("403", "No")»;\n        exit;\n'
        "    }\n    t_relay();\n}\n",
        good='request_route {\n    route(A);\n    t_reply("403", "No");\n}\nroute[A] {\n    t_newtran();\n}\n'
        'failure_route[F] {\n    t_reply("403", "No");\n}\n',
        fixed='loadmodule "sl"\nrequest_route {\n    if ($rU == 1) {\n        send_reply("403", "No");\n        exit;\n'
        "    }\n    t_relay();\n}\n",
    ),
    Example(
        bad='request_route {\n    route(A);\n}\nroute[A] {\n    «t_reply("403", "No")»;\n}\n',
        good='request_route {\n    if (!t_relay()) route(A);\n}\nroute[A] {\n    t_reply("403", "No");\n}\n',
    ),
]


"""Modules that never make a transaction."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    replies = kamailio.calls_of("t_reply")
    if not replies or kamailio.engine is not None or kamailio.graph.dynamic or not kamailio.whole:
        return
    order = {located.call: number for number, located in enumerate(kamailio.calls)}
    makers: dict[Route, list[int]] = {}
    for located in kamailio.calls:
        if _makes(kamailio, located.call):
            makers.setdefault(located.route, []).append(order[located.call])
    for located in replies:
        ways = kamailio.graph.ways(located.route)
        if set(ways) == {MAIN} and not _made_before(kamailio, located, order, makers):
            subject = located.call if "sl" in kamailio.loaded else None
            yield Defect(located.call.place, "no transaction has been made: nothing is sent", subject=subject)


def _makes(kamailio: Kamailio, call: Call) -> bool:
    """May a function make a transaction?"""
    if call.is_command or call.name.startswith(LOOKS_AT_TRANSACTIONS):
        return False
    exporters = {export.module.name for export in kamailio.exports.functions.get(call.name, ())}
    return not exporters or not exporters <= MAKE_NO_TRANSACTION


def _made_before(kamailio: Kamailio, reply: Located, order: dict[Call, int], makers: dict[Route, list[int]]) -> bool:
    """May something that was done before have made one: in this route, in those that led here, or in those that any of
    them has called?"""
    waiting = [(reply.route, order[reply.call], True)]
    seen: set[tuple[Route, int]] = set()
    while waiting:
        route, limit, leading = waiting.pop()
        if (route, limit) in seen:
            continue
        seen.add((route, limit))
        if any(number < limit for number in makers.get(route, ())):
            return True
        for jump in kamailio.graph.jumps_from(route):
            if order[jump.call] < limit:
                waiting += ((target, len(order), False) for target in kamailio.graph.targets(jump))
        if leading:
            waiting += ((jump.origin, order[jump.call], True) for jump in kamailio.graph.callers.get(route, ()))
    return False


def fix(call: Call) -> Fix | None:
    return Fix("reply either way", (replace(call.word.place, "send_reply"),), SAFE) if written(call) else None


CHECK = Check(find, level="error", category="answer", fix=fix)
