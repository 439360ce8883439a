"""A function runs in a block that it is not made for, through route(X).

Why it matters: core/cfg.y takes every route[X] for a request's and checks its functions against that, whoever calls it.
In a failure_route or for a reply a function then meets a message or a transaction that it does not expect: t_relay()
gives up, others work on the wrong message.

Log:
    unsupported route type ...

Fix: call the function where it may stand, or another one that is meant for the block.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio import core
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.graph import NAMED
from cfglint.model.kamailio.script import Located
from cfglint.syntax.kamailio.items import Route

from ._routes import BY_TABLE, mentioned

EXAMPLES = [
    Example(
        bad='loadmodule "tm.so"\nreply_route {\n    route(ON);\n}\nroute[ON] {\n    «t_relay»();\n}\n',
        good='loadmodule "tm.so"\nfailure_route[F] {\n    route(ON);\n}\nroute[ON] {\n    t_relay();\n}\n',
    ),
]

STATELESS = {"sl_send_reply", "sl_reply", "sl_reply_error"}
"""A matter of its own: they do work."""

FOR_REQUESTS = {"request_route", "event_route"}
"""Kinds of blocks in which a request's functions may stand."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or any(not jump.prefix for jump in kamailio.graph.dynamic):
        return
    routes = {route for route in kamailio.routes if route.kind == NAMED and _off(kamailio, route)}
    if not routes or not BY_TABLE.isdisjoint(kamailio.loaded):
        return
    words = mentioned(kamailio)
    for located in kamailio.calls:
        call, route = located.call, located.route
        if route in routes and route.name not in words and not call.is_command and _misplaced(kamailio, located):
            ways = kamailio.graph.ways(route)
            notes = tuple(Note(jumps[-1].call.place, f"{kind} gets there from here") for kind, jumps in ways.items())
            text = f"'{call.name}' is not made for {' and '.join(sorted(ways))}, from where alone this route is called"
            yield Defect(call.word.place, text, notes)


def _off(kamailio: Kamailio, route: Route) -> bool:
    """Is a route called, and never for a request? The parser took care of the others."""
    ways = kamailio.graph.ways(route)
    return bool(ways) and FOR_REQUESTS.isdisjoint(ways)


def _misplaced(kamailio: Kamailio, located: Located) -> bool:
    """May no variant of a function stand in any of the blocks that its route is called from?"""
    name, route = located.call.name, located.route
    if name in STATELESS:
        return False
    signatures = kamailio.exports.signatures(name, kamailio.modules_before(route))
    # A named block of replies belongs to a transaction.
    kinds = kamailio.graph.ways(route)
    blocks = [core().block_flags(kind, "x" if kind == "onreply_route" else None) for kind in kinds]
    return bool(signatures) and not any(signature.allowed(block) for signature in signatures for block in blocks)


CHECK = Check(find, level="warning", category="load")
