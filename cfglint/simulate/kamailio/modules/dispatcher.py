"""dispatcher: sets of destinations (modules/dispatcher/dispatch.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.sockets import canonical
from cfglint.simulate.kamailio.values import Unknown, Value, number_in
from cfglint.source import Place, Span

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

NO_PORT, NO_PROTOCOL, ACTIVE = 1, 2, 4
"""Modes of ds_is_from_list(): what does not count, and that only active destinations do."""
DISABLED, INACTIVE = 4, 1
"""Flags of a destination that keep it out."""

DEFAULT_PROTOCOL_SINCE = (6, 1)
"""From this version on a destination that names no protocol has one all the same (RFC 3263, 4.1)."""


class Destination(NamedTuple):
    """One line of the list."""

    set: int
    uri: SipUri
    written: str
    flags: int
    priority: int
    place: Place | None


def _load(run: Run) -> list[Destination] | None:
    """The destinations, from the list file or the table; None where nobody can know."""
    setup = run.setup
    url = setup.text("dispatcher", "db_url", "")
    if url:
        try:
            rows = tables.select(run, url, setup.text("dispatcher", "table_name", "dispatcher"))
        except tables.Failed:
            return []
        if rows is None:
            return None
        found = []
        for row in rows:
            written = str(row.get("destination") or "")
            uri = parse_uri(written)
            if uri is not None:
                numbers = [tables.number(row, column) for column in ("setid", "flags", "priority")]
                found.append(Destination(numbers[0], uri, written, numbers[1], numbers[2], None))
        return found
    path = setup.text("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")
    source = setup.file(path)
    if source is None:
        return None
    found, offset = [], 0
    for line in source.text.split("\n"):
        words = line.partition("#")[0].split()
        uri = parse_uri(words[1]) if len(words) > 1 else None
        if uri is not None:
            flags, priority = (*(number_in(word) or 0 for word in words[2:4]), 0, 0)[:2]
            place = Place(source, Span(offset, offset + len(line.rstrip("\r"))))
            found.append(Destination(number_in(words[0]) or 0, uri, words[1], flags, priority, place))
        offset += len(line) + 1
    return found


def destinations(run: Run) -> list[Destination] | None:
    """The loaded destinations; None where nobody can know them."""
    return run.setup.once("dispatcher", lambda: _load(run))


def is_from_list(run: Run, arguments: Arguments) -> Value:
    """Does the request come from a destination of a set? Without a mode the port counts, the protocol does not."""
    wanted, mode = arguments.number(0, -1), arguments.number(1, NO_PROTOCOL)
    uri = arguments.text(2) if len(arguments) > 2 else ""
    if isinstance(wanted, Unknown) or isinstance(mode, Unknown) or isinstance(uri, Unknown) or mode is None:
        return Unknown("what ds_is_from_list() is asked for")
    host: str = run.message.source.host
    port = run.message.source_port
    transport: str | None = run.message.transport
    if uri:
        parsed = parse_uri(uri)
        if parsed is None:
            return -1
        host, port, transport = (
            run.setup.sockets.resolve(parsed.host) or parsed.host,
            parsed.port,
            _protocol(run, parsed),
        )
    found = destinations(run)
    if found is None:
        return 1 if run.choose(f"is {host} in set {wanted} of dispatcher?", "no", "yes") else -1
    near = None
    for destination in found:
        if wanted not in (-1, destination.set) or run.setup.sockets.resolve(destination.uri.host) != canonical(host):
            continue
        own, protocol = destination.uri.port, _protocol(run, destination.uri)
        if own and not mode & NO_PORT and not _is_port(run, port, own):
            near = f"the port is not {own}"
        elif not mode & NO_PROTOCOL and transport != protocol:
            near = f"the protocol is not {protocol}" if protocol else "it names no protocol"
        elif mode & ACTIVE and destination.flags & (DISABLED | INACTIVE):
            near = "it is not active"
        else:
            run.say(f"{host} is {destination.written} of set {destination.set}", destination.place)
            return 1
        run.say(f"{destination.written} of set {destination.set} does not fit: {near}", destination.place)
    if near is None:
        run.say(
            f"{host} is not in set {wanted} of dispatcher" if wanted != -1 else f"{host} is in no set of dispatcher"
        )
    return -1


def _protocol(run: Run, uri: SipUri) -> str | None:
    """What the server takes for the protocol of a URI; None where the URI does not tell it (dispatch.c:pack_dest)."""
    named = uri.parameter("transport")
    if named or run.setup.version < DEFAULT_PROTOCOL_SINCE:
        return named
    if canonical(uri.host) is not None:
        return "udp"
    return None if not uri.port else "udp" if uri.scheme == "sip" else "tcp"


def _is_port(run: Run, port: int | None, own: int) -> bool:
    return run.sends_from(own) if port is None else port == own


def _select(run: Run, arguments: Arguments) -> list[Destination] | int | None:
    """The destinations of a set that can be used, the first one first; -1 where there is none."""
    wanted = arguments.number(0)
    found = destinations(run)
    if found is None or isinstance(wanted, Unknown):
        return None
    usable = [d for d in found if d.set == wanted and not d.flags & (DISABLED | INACTIVE)]
    return sorted(usable, key=lambda d: -d.priority) or -1


def select_dst(run: Run, arguments: Arguments) -> Value:
    """Choose a destination of a set, and make it the next hop."""
    found = _select(run, arguments)
    if found is None:
        if run.choose(f"has set {arguments.raw(0)} of dispatcher a destination?", "yes", "no"):
            return -1
        run.destination_uri = Unknown(f"a destination of set {arguments.raw(0)}")
        return 1
    if isinstance(found, int):
        run.say(f"set {arguments.raw(0)} of dispatcher has no destination that can be used")
        return -1
    run.fields["ds next"] = ",".join(d.written for d in found[1:])
    run.destination_uri = found[0].written
    run.say(f"the next hop is {found[0].written}", found[0].place)
    return 1


def select_domain(run: Run, arguments: Arguments) -> Value:
    """Choose a destination of a set, and put it into the request-URI."""
    code = select_dst(run, arguments)
    if code == 1:
        chosen, run.destination_uri = run.destination_uri, ""
        target = parse_uri(chosen) if isinstance(chosen, str) else None
        uri = parse_uri(run.uri) if isinstance(run.uri, str) else None
        if target is not None and uri is not None:
            run.uri = str(uri._replace(host=target.host, port=target.port, parameters=target.parameters))
        else:
            run.uri = Unknown("a destination of dispatcher")
    return code


def next_dst(run: Run, arguments: Arguments) -> Value:
    """The destination behind the one that failed."""
    left = run.fields.get("ds next")
    if not isinstance(left, str) or not left:
        return -1
    chosen, _, rest = left.partition(",")
    run.fields["ds next"] = rest
    run.destination_uri = chosen
    run.say(f"the next hop is {chosen}")
    return 1


FUNCTIONS = {
    "ds_is_from_list": is_from_list,
    "ds_select_dst": select_dst,
    "ds_select": select_dst,
    "ds_select_domain": select_domain,
    "ds_select_routes": select_dst,
    "ds_next_dst": next_dst,
    "ds_next_domain": next_dst,
    "ds_mark_dst": lambda run, arguments: 1 if "ds next" in run.fields else -1,
    "ds_load_update": lambda run, arguments: 1,
    "ds_load_unset": lambda run, arguments: 1,
    "ds_reload": lambda run, arguments: 1,
    "ds_list_exists": lambda run, arguments: (
        1 if any(str(d.set) == arguments.raw(0) for d in destinations(run) or ()) else -1
    ),
}
