"""ipops: what kind of address a text is, in which network, and how two compare (modules/ipops/ipops_mod.c)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.modules.nathelper import is_private
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def _test(holds: Callable[[str], bool]) -> Callable[[Run, Arguments], Value]:
    def function(run: Run, arguments: Arguments) -> Value:
        text = arguments.text(0)
        if isinstance(text, Unknown):
            return 1 if run.is_true(f"{arguments.call.name}({text.name})") else -1
        try:
            return 1 if holds(text.strip()) else -1
        except ValueError:
            return -1

    return function


def in_subnet(run: Run, arguments: Arguments) -> Value:
    """Is an address in one of the networks, which stand between commas?"""
    host, networks = arguments.text(0), arguments.text(1)
    if isinstance(host, Unknown) or isinstance(networks, Unknown):
        return 1 if run.is_true(f"{arguments.raw(0)} is in {arguments.raw(1)}") else -1
    for network in networks.split(","):
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(network.strip(), strict=False):
                return 1
        except ValueError:
            continue
    return -1


def compare(run: Run, arguments: Arguments) -> Value:
    """Are two addresses the same?"""
    one, other = arguments.text(0), arguments.text(1)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return 1 if run.is_true(f"{arguments.raw(0)} is {arguments.raw(1)}") else -1
    try:
        return 1 if ipaddress.ip_address(one.strip("[]")) == ipaddress.ip_address(other.strip("[]")) else -1
    except ValueError:
        return -1


FUNCTIONS = {
    "is_ip": _test(lambda text: bool(ipaddress.ip_address(text.strip("[]")))),
    "is_pure_ip": _test(lambda text: bool(ipaddress.ip_address(text))),
    "is_ipv4": _test(lambda text: ipaddress.ip_address(text).version == 4),
    "is_ipv6": _test(lambda text: ipaddress.ip_address(text.strip("[]")).version == 6),
    "is_ip_rfc1918": is_private,
    "is_in_subnet": in_subnet,
    "compare_ips": compare,
    "compare_pure_ips": compare,
}
