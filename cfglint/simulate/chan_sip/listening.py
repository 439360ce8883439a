"""Where chan_sip listens."""

from __future__ import annotations

from cfglint.model.addresses import parse_address
from cfglint.model.identify import split_host
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option
from cfglint.simulate.chan_sip.peers import port_of
from cfglint.simulate.request import Request


def heard_by(sip: Sip, request: Request) -> tuple[bool, Option | None]:
    """Does a socket hear a request, and the line that decides (channels/chan_sip.c:reload_config)."""
    general = sip.general_option
    bound, port = general("bindaddr"), general("bindport")
    number = port_of(port) or 0
    if request.transport == "udp":
        return _hears(bound, request, number, 5060, port)
    if request.transport == "tcp":
        if not sip.listens_tcp:
            return False, general("tcpenable")
        own = general("tcpbindaddr")
        return _hears(own, request, 0, 5060, own) if own is not None else _hears(bound, request, number, 5060, port)
    if request.transport == "tls":
        if not sip.listens_tls:
            return False, general("tlsenable")
        own = general("tlsbindaddr")
        return _hears(own, request, 0, 5061, own) if own is not None else _hears(bound, request, 5061, 5061, bound)
    return True, None


def _hears(
    bound: Option | None, request: Request, port: int, default: int, port_option: Option | None
) -> tuple[bool, Option | None]:
    """Does a socket hear what is sent to a destination? `port` counts before the one in the address, if it is not 0."""
    if request.destination is None:
        return True, None
    host, own = split_host(bound.value) if bound is not None else ("", None)
    if (port or own or default) != request.destination.port:
        return False, port_option if port else bound
    one, other = parse_address(host or "0.0.0.0"), request.destination.number  # noqa: S104 - compared, not bound
    if isinstance(one, str):
        return True, None  # a name: it cannot be told
    everywhere = one[1] == 0 and (one[0] == other[0] or one[0] == 6)
    return everywhere or one == other, bound
