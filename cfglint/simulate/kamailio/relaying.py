"""Where a request goes on to, and what comes back: from a peer of the requests file, a phone, this server itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cfglint.simulate.answer import TIMEOUT, Status
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, DEFAULT_TLS_PORT
from cfglint.simulate.kamailio.values import Unknown

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

UNRESOLVABLE = 478
"""Status for a next hop whose name does not resolve (core/error.c, E_BAD_ADDRESS)."""
BAD_URI = 400


class Hop(NamedTuple):
    """The next hop: an address and a port, or why there is none (`error` is the status that stands for it)."""

    host: str
    port: int
    transport: str
    written: str
    error: int = 0


def next_hop(run: Run) -> Hop | Unknown:
    """Where a request goes: the first Route, else the destination URI, else the request-URI
    (modules/tm/t_fwd.c, core/dns_cache.c)."""
    written: str | Unknown = run.destination_uri or (run.routes[0] if run.routes else "") or run.uri
    if isinstance(written, Unknown):
        return written
    uri = parse_uri(written)
    if uri is None or not uri.host:
        return Hop("", 0, "", written, BAD_URI)
    transport = uri.transport
    port = uri.port or (DEFAULT_TLS_PORT if transport == "tls" else DEFAULT_PORT)
    address = run.setup.sockets.resolve(uri.host)
    if address is None:
        if not run.setup.world.complete:
            return Unknown(f"what {uri.host} resolves to")
        return Hop(uri.host, port, transport, written, UNRESOLVABLE)
    return Hop(address, port, transport, written)


def answer_of(run: Run, hop: Hop) -> Status:
    """The final status that the next hop answers with; silence where nobody is."""
    world = run.setup.world
    for peer in world.peers:
        if (peer.at.host, peer.at.port) == (hop.host, hop.port):
            answers = peer.answers.get(run.message.method) or peer.answers.get("default") or (200,)
            key = f"{peer.at} {run.message.method}"
            asked = run.memory.asked.get(key, 0)
            run.memory.asked[key] = asked + 1
            status = answers[min(asked, len(answers) - 1)]
            run.say(f"{hop.host}:{hop.port} answers {status}")
            return status
    if world.complete:
        run.say(f"nobody answers at {hop.host}:{hop.port}")
        return TIMEOUT
    status = 200
    run.missing(f"what {hop.host}:{hop.port} answers; taken for granted is {status}")
    return status


def is_itself(run: Run, hop: Hop) -> bool:
    """Would the request come back to this server?"""
    return bool(run.setup.sockets.sockets) and run.setup.sockets.heard(hop.transport, hop.host, hop.port)


def shown(uri: SipUri | None, written: str) -> str:
    """A URI for a step."""
    return str(uri) if uri is not None else written
