"""The address table of permissions: groups of addresses, networks and names (modules/permissions/address.c, hash.c)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cfglint.data.database import Cell, Row
from cfglint.knowledge.kamailio_effects import ADDRESSES, ALL_BACKENDS
from cfglint.model.kamailio.address_file import address_lines
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio import tables
from cfglint.source import Place, Source

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from cfglint.simulate.kamailio.run import Run
    from cfglint.simulate.kamailio.setup import Setup

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network


class Entry(NamedTuple):
    """One row or line; `network` is None for a host name, which is compared as text."""

    group: int
    written: str
    network: Network | None
    port: int
    tag: str | None
    place: Place | None

    @property
    def single(self) -> bool:
        """Is it one address? Those are looked up before networks."""
        return self.network is not None and self.network.prefixlen == self.network.max_prefixlen


COLUMNS = ("grp", "ip_addr", "mask", "port", "tag")
"""Of the address table; each has a parameter that renames it, ``grp_col`` and so on."""


class BadEntry(Exception):
    """A row or line that makes the server give up on the whole table: what is wrong with it, to stand behind what is
    `written` there."""

    def __init__(self, written: str, fault: str) -> None:
        super().__init__(f"{written} {fault}")
        self.fault = fault


def entry(group: Cell, written: Cell, mask: Cell, port: Cell, tag: Cell, place: Place | None) -> Entry:
    """An entry from its columns; a mask of 0 stands for the whole address. Raises `BadEntry`."""
    from ipaddress import ip_address, ip_network  # slow to import, rarely needed

    text = str(written or "")
    number = int(group) if isinstance(group, int) else 0
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        network = None
    else:
        length = int(mask) if isinstance(mask, int) else 0
        if not 0 <= length <= address.max_prefixlen:
            raise BadEntry(text, f"has a mask of {length}, which is no length of a prefix")
        network = ip_network((address, length or address.max_prefixlen), strict=False)
    return Entry(
        number, text, network, int(port) if isinstance(port, int) else 0, str(tag) if tag is not None else None, place
    )


def of_row(row: Row, columns: Sequence[str]) -> Entry:
    """The entry of a row, whose columns are called so, in the order of `COLUMNS`. Raises `BadEntry`."""
    group, written, mask, port, tag = (row.get(column) for column in columns)
    if not isinstance(group, int) or group <= 0:
        raise BadEntry(str(written or "a row"), "is in no group above 0")
    return entry(group, written, mask, port, tag, None)


def is_loaded(setup: Setup, backend: int) -> bool:
    """Does permissions read a table, or the files, that this bit of load_backends stands for?"""
    return bool(setup.number("permissions", "load_backends", ALL_BACKENDS) & backend)


def load(run: Run) -> list[Entry] | None:
    """The entries, as they are loaded at start; None where nobody can know them. Raises `tables.Failed`, `BadEntry`."""
    setup = run.setup
    if not is_loaded(setup, ADDRESSES):
        return []
    path = setup.text("permissions", "address_file", "")
    if path:
        source = setup.file(path)
        if source is None:
            return None
        return list(_lines(source))
    url = setup.text("permissions", "db_url", "")
    if not url:
        return []
    rows = tables.select(run, url, setup.text("permissions", "address_table", "address"))
    if rows is None:
        return None
    columns = [setup.text("permissions", f"{name}_col", name) for name in COLUMNS]
    for row in rows:
        tables.required(row, *columns)
    return [of_row(row, columns) for row in rows]


def _lines(source: Source) -> Iterator[Entry]:
    """The entries of an address file."""
    for line in address_lines(source):
        if line.address is None:
            raise BadEntry(f"a line of {source.path}", "names no address")
        port = line.port.number if line.port is not None else 0
        tag = line.tag.text if line.tag is not None else None
        yield entry(line.group.number, line.address.text, line.length, port, tag, line.place)


def matching(run: Run, entries: list[Entry], group: int | None, host: str, port: int | None) -> Entry | None:
    """The entry that an address and port fall under: single addresses first, then networks by group
    (hash.c:match_addr_hash_table, match_subnet_table). `port` None: nobody knows the client's port."""
    from ipaddress import ip_address  # slow to import, rarely needed

    try:
        address: Address | None = ip_address(host.strip("[]"))
    except ValueError:
        address = None
    found = [e for e in entries if (group is None or e.group == group) and _covers(e, address, host)]
    found = [e for e in found if _port_fits(run, e.port, port)]
    single = [e for e in found if e.single or e.network is None]
    networks = sorted((e for e in found if not e.single and e.network is not None), key=lambda e: e.group)
    if run.setup.number("permissions", "subnet_match_mode", 0) and networks:
        networks = [max(networks, key=lambda e: e.network.prefixlen if e.network else 0)]
    return next(iter([*single, *networks]), None)


def _covers(item: Entry, address: Address | None, host: str) -> bool:
    if item.network is None or address is None:
        return item.network is None and address is None and item.written == host
    return address.version == item.network.version and address in item.network


def _port_fits(run: Run, wanted: int, port: int | None) -> bool:
    if wanted == 0:
        return True
    return run.sends_from(wanted) if port is None else wanted == port
