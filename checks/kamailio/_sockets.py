"""Sockets that are written in quotes as a whole."""

from __future__ import annotations

import re

from cfglint.edits import SAFE, Fix, replace
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.items import SocketAddress
from cfglint.syntax.kamailio.nodes import String

SOCKET = r"(?i)(?:(udp|tcp|tls|sctp):)?([^\s:\[\]]+)(?::([0-9]+))?"
"""Protocol, host and port."""


def unquoted(socket: SocketAddress) -> Fix | None:
    """Close the quotes before the port. Safe: what stands there is what is meant."""
    (address, *others) = socket.addresses
    parts = re.fullmatch(SOCKET, address.value) if isinstance(address, String) else None
    if others or parts is None or not written(address) or (socket.protocol and parts[1]) or (socket.port and parts[3]):
        return None
    protocol = f"{parts[1].lower()}:" if parts[1] else ""
    port = f":{parts[3]}" if parts[3] else ""
    return Fix("close the quotes before the port", (replace(address.place, f'{protocol}"{parts[2]}"{port}'),), SAFE)
