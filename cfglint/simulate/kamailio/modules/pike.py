"""pike: too many requests from one address (modules/pike/ip_tree.c).

Addresses lie in a tree, a byte a level; a node that is hit often grows a child, and only whole addresses are blocked.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.state import Hits
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

FIRST_BLOCKED, BLOCKED = -2, -1


def _check(run: Run, host: str) -> Value:
    limit = run.setup.number("pike", "reqs_density_per_unit", 30)
    unit = run.setup.number("pike", "sampling_time_unit", 2) or 1
    period = int(run.message.now // unit)
    path = ipaddress.ip_address(host).packed
    nodes = run.memory.hits
    known = max((n for n in range(1, len(path) + 1) if path[:n] in nodes), default=0)
    if known == 0:
        nodes[path[:1]] = Hits(period, 0, 1, blocked=False)
        return 1
    node = _aged(nodes[path[:known]], period, limit)
    node = node._replace(current=node.current + 1)
    nodes[path[:known]] = node
    if known < len(path):
        if _is_hot(node, limit >> 2):
            inherited = node.current - 1 if known + 1 < len(path) else 0
            nodes[path[: known + 1]] = Hits(period, 0, inherited, blocked=False)
        return 1
    if node.blocked:
        run.say(f"{host} is blocked: more than {limit} requests in {unit} s")
        return BLOCKED
    if _is_hot(node, limit):
        nodes[path] = node._replace(blocked=True)
        run.say(f"{host} is blocked from now on: more than {limit} requests in {unit} s")
        return FIRST_BLOCKED
    return 1


def _aged(node: Hits, period: int, limit: int) -> Hits:
    """The hits of the period before the current one stay in mind."""
    passed = period - node.period
    if passed <= 0:
        return node
    previous = node.current if passed == 1 else 0
    aged = Hits(period, previous, 0, node.blocked)
    return aged._replace(blocked=node.blocked and _is_hot(aged, limit))


def _is_hot(node: Hits, limit: int) -> bool:
    return node.previous >= limit or node.current >= limit or (node.previous + node.current) >> 1 >= limit


def check_request(run: Run, arguments: Arguments) -> Value:
    """-2 for the request that makes it too many, -1 for those behind it, else 1."""
    return _check(run, run.message.source.host)


def check_ip(run: Run, arguments: Arguments) -> Value:
    """The same for an address."""
    host = arguments.text(0)
    try:
        return 1 if isinstance(host, Unknown) else _check(run, host)
    except ValueError:
        return -1


FUNCTIONS = {"pike_check_req": check_request, "pike_check_ip": check_ip}
