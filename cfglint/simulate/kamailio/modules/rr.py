"""rr: Record-Route and Route (modules/rr/loose.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import coretests
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

DRIVEN, NOT_DRIVEN, PRELOADED = 1, -1, -3


def record_route(run: Run, arguments: Arguments) -> Value:
    """Ask to stay in the path of the dialog."""
    run.recorded = True
    return 1


def loose_route(run: Run, arguments: Arguments) -> Value:
    """Follow the Route headers. A request without a To tag that has only this server's own Route gives -3; one whose
    first Route is another's is driven there."""
    if not run.routes:
        return NOT_DRIVEN
    preloaded = not run.message.to_tag
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    if not preloaded and uri is not None and coretests.is_own_uri(run, uri):
        return _after_strict_router(run)
    first = parse_uri(run.routes[0])
    if first is None:
        return NOT_DRIVEN
    if coretests.is_own_uri(run, first):
        run.routes.pop(0)
        if not run.routes:
            return PRELOADED if preloaded else DRIVEN
    run.destination_uri = run.routes[0]
    return DRIVEN


def _after_strict_router(run: Run) -> Value:
    """The request-URI is this server's own Record-Route: the last Route is the target."""
    run.uri = run.routes.pop()
    if run.routes:
        run.destination_uri = run.routes[0]
    return DRIVEN


def has_parameter(run: Run, arguments: Arguments) -> Value:
    """Does a parameter of the Route that was followed fit? (loose.c:check_route_param)"""
    if not run.message.routes:
        return -1
    return 1 if run.is_true(f"the Route has a parameter like {arguments.raw(0)}") else -1


def direction(run: Run, arguments: Arguments) -> Value:
    """Does the request go the way of the first one of its dialog?"""
    wanted = arguments.raw(0)
    return 1 if run.is_true(f"the request goes {wanted}") else -1


FUNCTIONS = {
    "record_route": record_route,
    "record_route_preset": record_route,
    "record_route_advertised_address": record_route,
    "loose_route": loose_route,
    "loose_route_mode": loose_route,
    "loose_route_preloaded": loose_route,
    "check_route_param": has_parameter,
    "is_direction": direction,
    **dict.fromkeys(("add_rr_param", "remove_record_route", "rr_next_hop_route"), lambda run, arguments: 1),
}
