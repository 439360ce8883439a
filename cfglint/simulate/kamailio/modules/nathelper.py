"""nathelper: clients behind NAT (modules/nathelper/nathelper.c)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import variables
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

PRIVATE = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
CONTACT, RECEIVED, VIA, BODY, PORT, SOURCE, WEBSOCKET, CONTACT_PORT = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of nat_uac_test()."""


def _is_private(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in PRIVATE if network.version == address.version)


def nat_uac_test(run: Run, arguments: Arguments) -> Value:
    """Does any of the tests find a sign of NAT? The Via of a client here tells its true address."""
    tests = arguments.number(0)
    if isinstance(tests, Unknown) or tests is None:
        return 1 if run.is_true("the client is behind NAT") else -1
    message = run.message
    contact = parse_uri(message.contact)
    found = (
        (tests & CONTACT and contact is not None and _is_private(contact.host))
        or (tests & VIA and _is_private(message.source.host))
        or (tests & SOURCE and _is_private(message.source.host))
        or (tests & WEBSOCKET and message.transport in ("ws", "wss"))
        or (tests & CONTACT_PORT and contact is not None and (contact.port or 5060) != message.source.port)
    )
    return 1 if found else -1


def fix_nated_register(run: Run, arguments: Arguments) -> Value:
    """Note where the request really comes from, for save()."""
    name = run.setup.text("nathelper", "received_avp", "")
    if not name:
        return -1
    transport = "" if run.message.transport == "udp" else f";transport={run.message.transport}"
    variables.assign(run, name, f"sip:{run.message.source}{transport}")
    return 1


def fix_nated_contact(run: Run, arguments: Arguments) -> Value:
    """Put the true address into the Contact that is sent on."""
    return 1


def is_private(run: Run, arguments: Arguments) -> Value:
    """Is an address private?"""
    host = arguments.text(0)
    if isinstance(host, Unknown):
        return 1 if run.is_true(f"{host.name} is private") else -1
    return 1 if _is_private(host) else -1


def handle_alias(run: Run, arguments: Arguments) -> Value:
    """Follow the alias in the request-URI: 2 where there is none."""
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    alias = uri.parameter("alias") if uri is not None else None
    if uri is None or not alias:
        return 2
    host, _, rest = alias.partition("~")
    port, _, transport = rest.partition("~")
    name = {"1": "udp", "2": "tcp", "3": "tls", "5": "ws", "6": "wss"}.get(transport, "udp")
    run.destination_uri = f"sip:{host}:{port}" + ("" if name == "udp" else f";transport={name}")
    return 1


FUNCTIONS = {
    "nat_uac_test": nat_uac_test,
    "fix_nated_register": fix_nated_register,
    "fix_nated_contact": fix_nated_contact,
    "is_rfc1918": is_private,
    "handle_ruri_alias": handle_alias,
    **dict.fromkeys(
        ("fix_nated_sdp add_contact_alias set_contact_alias add_rcv_param set_alias_to_pv").split(),
        lambda run, arguments: 1,
    ),
}
