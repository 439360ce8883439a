"""Who stands in the lists that a script asks: addresses, gateways, names of programs; and why a list holds nobody."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.data.database import NoData, NoTable
from cfglint.knowledge.kamailio_effects import ADDRESSES, BY_ADDRESS, BY_TRUST
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import constant
from cfglint.numerals import decimal
from cfglint.simulate.kamailio import address_table, tables
from cfglint.simulate.kamailio.modules import dispatcher, secfilter
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, canonical
from cfglint.simulate.kamailio.surroundings import MAX_PEERS, rows_of
from cfglint.simulate.request import Endpoint

LISTS = (*BY_ADDRESS, *BY_TRUST, "ds_is_from_list")
"""The functions that ask who calls."""


def listed(server: KamailioServer) -> list[Endpoint]:
    """Where those call from whose addresses tables or files list for functions that the script calls."""
    script = server.setup.kamailio
    found: list[tuple[str, int]] = []
    if script.calls_of(*BY_ADDRESS):
        # The first address of a network is often its router: the second will do for a peer.
        found += [
            (str(e.network[0] if e.single else e.network[1]), e.port)
            for e in _entries(server) or ()
            if e.network is not None
        ]
    if script.calls_of("allow_trusted"):
        found += [(str(row.get("src_ip")), 0) for row in rows_of(server, "permissions", "trusted")]
    return _endpoints(found)


def peers(server: KamailioServer) -> list[str]:
    """Their addresses."""
    return list(dict.fromkeys(endpoint.host for endpoint in listed(server)))


def gateways(server: KamailioServer) -> list[Endpoint]:
    """Where the destinations of dispatcher call from that stand in the sets that the script asks for callers."""
    wanted = _sets(server.setup.kamailio)
    if not wanted:
        return []
    sockets = server.setup.sockets
    return _endpoints(
        (sockets.resolve(destination.uri.host) or "", destination.uri.port or 0)
        for destination in dispatcher.destinations(server.idle()) or ()
        if destination.set in wanted or ANY_SET in wanted
    )


def _endpoints(found: Iterator[tuple[str, int]] | list[tuple[str, int]]) -> list[Endpoint]:
    known = [(host, port) for name, port in found if (host := canonical(name)) is not None]
    return [Endpoint(host, port or DEFAULT_PORT) for host, port in dict.fromkeys(known)][:MAX_PEERS]


ANY_SET = -1


def _sets(kamailio: Kamailio) -> set[int]:
    """The sets that calls of ds_is_from_list() ask for, as far as they are written there."""
    found = set()
    for located in kamailio.calls_of("ds_is_from_list"):
        arguments = located.call.arguments
        number = decimal(constant(arguments[0]) or "") if arguments else ANY_SET
        if number is not None:
            found.add(number)
    return found


def groups(server: KamailioServer) -> list[int]:
    """The groups of addresses that there are, in order, whether the script asks for them or not."""
    return sorted({entry.group for entry in _entries(server) or ()})


def _entries(server: KamailioServer) -> list[address_table.Entry] | None:
    """The entries of the address table or file; None where nobody can know them."""
    try:
        return address_table.load(server.idle())
    except (tables.Failed, address_table.BadEntry):
        return None


def black_listed(server: KamailioServer) -> list[str]:
    """What the User-Agents begin with that secfilter has on its black list."""
    if not server.setup.kamailio.calls_of("secf_check_ua"):
        return []
    found = secfilter.items(server.idle()) or ()
    return [item.data for item in found if (item.action, item.type) == (secfilter.BLACK, secfilter.USER_AGENT)]


def emptiness(server: KamailioServer) -> Iterator[tuple[str, str]]:
    """The functions that ask a list which holds nobody, as far as that can be seen, and why it does."""
    script, setup = server.setup.kamailio, server.setup
    if script.calls_of("allow_trusted") and (why := _untrusting(server)) is not None:
        yield "allow_trusted", why
    source = setup.text("permissions", "address_file", "") or setup.text("permissions", "db_url", "")
    loaded = address_table.is_loaded(setup, ADDRESSES)
    if source and loaded and script.calls_of(*BY_ADDRESS) and _entries(server) == []:
        where = "the address file" if setup.text("permissions", "address_file", "") else "the table of addresses"
        for function in BY_ADDRESS:
            yield function, f"{where} is empty"
    destinations = dispatcher.destinations(server.idle()) if script.calls_of("ds_is_from_list") else None
    wanted = _sets(script)
    if destinations is not None and len(wanted) == 1:
        (number,) = wanted
        if not any(number in (ANY_SET, destination.set) for destination in destinations):
            yield "ds_is_from_list", "dispatcher has no destination" + f" in set {number}" * (number != ANY_SET)


def _untrusting(server: KamailioServer) -> str | None:
    """Why the table that allow_trusted() asks holds nobody."""
    data, setup = server.setup.kamailio.data, server.setup
    url = setup.text("permissions", "db_url", "")
    table = setup.text("permissions", "trusted_table", "trusted")
    if data is None or not url or not setup.has("permissions"):
        return None
    try:
        database = data.database(url)
        return f"table {table} is empty" if database is not None and not database.rows(table, limit=1) else None
    except NoTable:
        # A directory of dbtext may simply not be part of the checkout.
        return None if url.startswith(("text:", "dbtext:")) else f"there is no table {table}"
    except NoData:
        return None
