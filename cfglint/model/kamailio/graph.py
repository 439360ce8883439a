"""Which routes of a Kamailio configuration call which, and from what blocks each is reached.

``route(X)`` runs the statements of route[X] in the caller's place: in a failure_route, say, they act on a failed
transaction, though the parser took them for a request's (src/core/action.c, ROUTE_T).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import takewhile

from cfglint.model.kamailio.script import Located, constant, inside
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.items import Route
from cfglint.syntax.kamailio.nodes import Call, Expression, String

NAMED = "route"
"""The kind of the blocks that ``route(X)`` calls."""
MAIN = "request_route"


class Jump(NamedTuple):
    """A ``route(X)``; `name` is None where it is only known at run time, and then `prefix` is what it begins with."""

    call: Call
    origin: Route
    name: str | None
    prefix: str


class Graph:
    """The calls between routes. Named routes that nothing calls may still be run by a module."""

    def __init__(self, routes: Mapping[tuple[str, str | None], list[Route]], calls: Iterable[Located]) -> None:
        self._routes = routes
        self.jumps = [_jump(located.call, located.route) for located in calls if located.call.arguments]
        """Every ``route(X)``."""

    def targets(self, jump: Jump) -> list[Route]:
        """The blocks that a jump runs; empty where the name is unknown, or there is no such route."""
        if jump.name is None:
            return []
        return self._routes.get((MAIN, None) if jump.name == "0" else (NAMED, jump.name), [])

    def routes_of(self, call: Call) -> list[Route]:
        """The blocks that a call runs, if it is a jump to known ones."""
        jump = self._by_call.get(call)
        return self.targets(jump) if jump is not None else []

    @cached_property
    def _by_call(self) -> dict[Call, Jump]:
        return {jump.call: jump for jump in self.jumps}

    def jumps_from(self, route: Route) -> list[Jump]:
        """The jumps that stand in a block, in order."""
        return self._jumps_from.get(route, [])

    @cached_property
    def _jumps_from(self) -> dict[Route, list[Jump]]:
        found: dict[Route, list[Jump]] = {}
        for jump in self.jumps:
            found.setdefault(jump.origin, []).append(jump)
        return found

    @cached_property
    def callers(self) -> dict[Route, list[Jump]]:
        """The jumps by the blocks that they lead to."""
        found: dict[Route, list[Jump]] = {}
        for jump in self.jumps:
            for route in self.targets(jump):
                found.setdefault(route, []).append(jump)
        return found

    @cached_property
    def dynamic(self) -> list[Jump]:
        """The jumps whose target is only known at run time."""
        return [jump for jump in self.jumps if jump.name is None]

    def ways(self, route: Route) -> dict[str, tuple[Jump, ...]]:
        """The kinds of blocks from which a block is reached, each with a shortest chain of jumps that leads there.

        A block that the server runs itself is reached from its own kind, without a jump; a named route only through
        others: an empty answer is one that nobody calls by a constant name.
        """
        return self._ways.get(route, {})

    @cached_property
    def _ways(self) -> dict[Route, dict[str, tuple[Jump, ...]]]:
        onward: dict[Route, list[tuple[Jump, Route]]] = {}
        for route, jumps in self.callers.items():
            for jump in jumps:
                onward.setdefault(jump.origin, []).append((jump, route))
        found: dict[Route, dict[str, tuple[Jump, ...]]] = {}
        entries = [route for (kind, _), routes in self._routes.items() if kind != NAMED for route in routes]
        for entry in entries:
            found.setdefault(entry, {})[entry.kind] = ()
        waiting = [(entry, entry.kind) for entry in entries]
        for route, kind in waiting:  # grows while it is read: nearest first
            for jump, target in onward.get(route, ()):
                ways = found.setdefault(target, {})
                if kind not in ways:
                    ways[kind] = (*found[route][kind], jump)
                    waiting.append((target, kind))
        return found


def _jump(call: Call, origin: Route) -> Jump:
    argument = inside(call.arguments[0])
    if not isinstance(argument, Expression):
        name = constant(argument)
        return Jump(call, origin, name, name or "")
    parts = argument.items
    # What other operators make of constants, or plus of numbers, is nobody's name for a route.
    if not isinstance(parts[0], String) or any(operator.text != "+" for operator in parts[1::2]):
        return Jump(call, origin, None, "")
    texts = list(takewhile(lambda text: text is not None, map(constant, parts[::2])))
    text = "".join(filter(None, texts))
    return Jump(call, origin, text if len(texts) == len(parts[::2]) else None, text)
