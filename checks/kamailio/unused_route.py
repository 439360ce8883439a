"""Nothing runs a route.

Why it matters: a named block only runs when something names it: route(X), t_on_failure("X") and the like, a module's
parameter. One that nothing names is dead weight, or the line that should call it got lost.

Log: Nothing.

Fix: take the block away, or call it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.graph import NAMED

from ._routes import BY_TABLE, mentioned

EXAMPLES = [
    Example(
        bad="request_route {\n    exit;\n}\nroute[«OLD»] {\n    exit;\n}\n",
        good="request_route {\n    route(OLD);\n}\nroute[OLD] {\n    exit;\n}\n",
    ),
    Example(
        bad='request_route {\n    t_on_reply("ANY");\n}\nfailure_route[«ALL»] {\n    exit;\n}\n',
        good='request_route {\n    t_on_failure("ALL");\n}\nfailure_route[ALL] {\n    exit;\n}\n',
    ),
]

CALLED = ("route", "failure_route", "branch_route", "onreply_route")
"""The kinds of blocks that only run when something names them."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    graph = kamailio.graph
    if not kamailio.whole or kamailio.engine is not None or any(not jump.prefix for jump in graph.dynamic):
        return
    prefixes = tuple(jump.prefix for jump in graph.dynamic)
    unused = [
        route
        for route in kamailio.routes
        if route.name is not None
        and route.kind in CALLED
        and all(jump.origin is route for jump in graph.callers.get(route, ()))
        and not (route.kind == NAMED and (route.name.startswith(prefixes) or not BY_TABLE.isdisjoint(kamailio.loaded)))
    ]
    words = mentioned(kamailio) if unused else set()
    for route in unused:
        if route.name not in words and route.name_token is not None:
            yield Defect(route.name_token.place, f"nothing runs this {route.kind}")


CHECK = Check(find, level="info", category="style")
