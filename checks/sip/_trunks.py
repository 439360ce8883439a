"""Other side's servers: sections with a fixed host, and what shows that calls come in from there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option

_INBOUND = frozenset(("trunk", "trunks", "pstn", "itsp", "carrier", "provider", "incoming", "inbound", "did"))
"""Words in the names of contexts that calls from outside go to."""


def trunks(sip: Sip) -> Iterator[Peer]:
    """Sections of type peer or friend that are recognised by their address."""
    return (peer for peer in sip.peers.values() if peer.fixed_host and not peer.incomplete)


def logs_in_there(peer: Peer) -> bool:
    """Does Asterisk log in there, or is it recognised by its address?"""
    names = ("fromuser", "remotesecret", "callbackextension", "insecure", "outboundproxy")
    return any(peer.get(name) is not None for name in names)


def registered_hosts(sip: Sip) -> dict[str, Option]:
    """Hosts, and names of sections, where Asterisk itself registers: calls to that account come from there."""
    found: dict[str, Option] = {}
    for registration in sip.registrations:
        for name in (registration.host, registration.peer):
            if name:
                found.setdefault(name, registration.option)
    return found


def expects_calls(peer: Peer, registered: dict[str, Option]) -> Option | None:
    """The line that shows that calls come in from a trunk: its registration, or where they are to go."""
    option = peer.get("callbackextension") or registered.get(peer.fixed_host) or registered.get(peer.name)
    if option is not None:
        return option
    context = peer.get("context")
    if context is not None and not _INBOUND.isdisjoint(re.split("[^a-z]+", context.value.lower())):
        return context
    return None
