"""Networks and addresses that the checks know somebody to be at."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.model.addresses import parse_address
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place

from ._trunks import contact_hosts

PRIVATE = (
    (4, 10 << 24, 0xFF000000),
    (4, 172 << 24 | 16 << 16, 0xFFF00000),
    (4, 192 << 24 | 168 << 16, 0xFFFF0000),
    (4, 100 << 24 | 64 << 16, 0xFFC00000),
    (6, 0xFC << 120, 0xFE << 120),
)
"""Family, network and mask of the networks that phones at home and in offices are in."""


class Known(NamedTuple):
    """An address that the configuration says somebody is at."""

    endpoint: Object
    family: int
    address: int
    text: str
    place: Place


def known_addresses(pjsip: Pjsip) -> Iterator[Known]:
    """The addresses of trunks and of devices with a fixed contact."""
    for identify, entries in pjsip.identify_entries:
        endpoint = pjsip.endpoints.get(identify.value("endpoint"))
        for match in entries if endpoint is not None else ():
            if endpoint is not None and not match.name and not match.excluded:
                yield Known(endpoint, match.family, match.network, match.text, match.place)
    for endpoint in pjsip.endpoints.values():
        for host in contact_hosts(pjsip, endpoint):
            parsed = parse_address(host.name)
            if not isinstance(parsed, str):
                yield Known(endpoint, *parsed, host.name, host.option.place)
