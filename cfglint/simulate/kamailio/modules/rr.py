"""rr: Record-Route and Route (modules/rr)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

NO_MORE_ROUTES = -3
"""Only this server's own Route was there (since 5.?): see `loose_route`."""


def record_route(run: Run, arguments: Arguments) -> Value:
    """Ask to stay in the path of the dialog."""
    run.recorded = True
    return 1


def loose_route(run: Run, arguments: Arguments) -> Value:
    """Follow the Route headers: true when the first is this server's own."""
    if not run.routes:
        return -1
    uri = parse_uri(run.routes[0])
    if uri is None or not run.is_own(uri.host, uri.port or 5060):
        return -1
    run.routes.pop(0)
    return 1


FUNCTIONS = {"record_route": record_route, "record_route_preset": record_route, "loose_route": loose_route}
