"""Where a request goes on to, and what comes back: from a peer of the requests file, a phone, this server itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import TIMEOUT, Challenge, Reply, Status
from cfglint.simulate.client import PATIENCE
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, DEFAULT_TLS_PORT
from cfglint.simulate.kamailio.values import Unknown
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

UNRESOLVABLE, BAD_URI, NO_BRANCH = 478, 479, 500
"""Statuses that stand for a next hop that cannot be reached (core/error.c:err2reason_phrase)."""
MAX_BRANCHES = 12
"""How many branches a transaction may have (max_branches)."""
UNAVAILABLE = 503
GRANTED, RESOLVED = "200 is taken for granted", "resolves to"
TO_ITSELF = "what becomes of a request that this server sends to itself"
"""How what is not known of the next hop is spoken of."""
UPSTREAM_REALM = "upstream"
"""The realm in which servers behind this one ask for credentials."""


class Hop(NamedTuple):
    """The next hop: an address and a port, or why there is none (`error` is the status that stands for it)."""

    host: str
    port: int
    transport: str
    written: str
    error: int = 0

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Target(NamedTuple):
    """A branch of a request that was sent on."""

    hop: Hop | Unknown
    uri: str | Unknown
    routes: tuple[str, ...]
    place: Place | None


def is_let_in(reply: Reply) -> bool:
    """Does a message succeed, or go on to somewhere, whatever may become of it there?"""
    return TO_ITSELF in reply.unknowns or (isinstance(reply.status, int) and 200 <= reply.status < 300)


def is_about_next_hop(unknown: str) -> bool:
    """Is something unknown beyond this server?"""
    return unknown == TO_ITSELF or unknown.endswith((GRANTED, RESOLVED))


def hop_to(run: Run, written: str | Unknown) -> Hop | Unknown:
    """The address that a URI leads to."""
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
            return Unknown(f"what {uri.host} {RESOLVED}")
        return Hop(uri.host, port, transport, written, UNRESOLVABLE)
    return Hop(address, port, transport, written)


def send_on(run: Run, written: str | Unknown = "") -> int:
    """Send the request on to its targets; what they answer counts when the script has ended without a reply of its own.

    The next hop is `written`, else the destination URI, else the first Route, else the request-URI. What was tried
    before is not tried again unless the script has set it anew.
    """
    targets = [*([(run.uri, written or run.destination_uri)] if run.has_new_target or written else []), *run.branches]
    run.branches, run.has_new_target = [], False
    sent = 0
    for uri, destination in targets:
        if run.on_branch:
            changed = _by_branch_route(run, uri, destination)
            if changed is None:
                run.sent_error = NO_BRANCH
                continue
            uri, destination = changed
        hop = hop_to(run, destination or (run.routes[0] if run.routes else "") or uri)
        if isinstance(hop, Hop) and hop.error:
            run.say(f"{hop.written} cannot be reached: " + ("no URI" if hop.error == BAD_URI else "no address"))
            run.sent_error = hop.error
            continue
        run.branches_sent += 1
        if run.branches_sent > run.setup.core_number("max_branches", default=MAX_BRANCHES):
            run.say("the transaction has too many branches already")
            run.sent_error = NO_BRANCH
            continue
        run.say(f"sent on to {hop}" if isinstance(hop, Hop) else f"sent on to {hop.name}, whose address is not known")
        run.targets.append(Target(hop, uri, tuple(run.routes), run.here))
        sent += 1
    if not targets:
        run.say("there is no target that was not tried before")
        run.sent_error = NO_BRANCH
    return 1 if sent else -1


def _by_branch_route(
    run: Run, uri: str | Unknown, destination: str | Unknown
) -> tuple[str | Unknown, str | Unknown] | None:
    """What the branch route makes of a branch; None where it drops it."""
    name, run.on_branch = run.on_branch, ""
    before, merging, run.may_merge = (run.uri, run.destination_uri), run.may_merge, False
    run.uri, run.destination_uri, run.dropped = uri, destination, False
    run.interpreter.aside("branch_route", name)
    after = run.uri, run.destination_uri
    (run.uri, run.destination_uri), run.on_branch, run.has_new_target = before, name, False
    run.may_merge = merging
    dropped, run.dropped = run.dropped, False
    if dropped:
        run.say(f"branch_route[{name}] drops the branch")
    return None if dropped else after


def finish(run: Run) -> None:
    """Collect what the targets answer, and let failure and reply routes see it."""
    while run.sent is None and run.targets:
        targets, run.targets = run.targets, []
        statuses = [(_status_of(run, target), target) for target in targets]
        status, target = min(statuses, key=lambda pair: _rank(pair[0]))
        run.here = target.place
        if run.message.method == "ACK":
            return
        if isinstance(status, str):
            return
        if not _passes_reply_routes(run, status):
            return
        if status >= 300 and run.on_failure:
            name, run.on_failure = run.on_failure, ""
            run.reply_status = str(status)
            if run.interpreter.aside("failure_route", name):
                run.say(f"failure_route[{name}] has run")
            run.reply_status = None
        if run.sent is None and not run.targets:
            if status == UNAVAILABLE and run.setup.number("tm", "remap_503_500", 1):
                run.say("tm turns 503 into 500")
                status = 500
            challenges = (Challenge(UPSTREAM_REALM, nonce=UPSTREAM_REALM),) if status in (401, 407) else ()
            run.reply(status, "as the next hop answers", place=target.place, challenges=challenges)


def _rank(status: Status) -> tuple[int, int]:
    """Which of several final replies a forking proxy hands on: 2xx, then 6xx, then the lowest (RFC 3261, 16.7)."""
    if isinstance(status, str):
        return 3, 0
    return (0 if status < 300 else 1 if status >= 600 else 2), status


def _status_of(run: Run, target: Target) -> Status:
    hop = target.hop
    if isinstance(hop, Unknown):
        run.assume(hop.name)
        return 200
    if run.loops is not None and run.setup.sockets.heard(hop.transport, hop.host, hop.port) and _is_here(run, hop):
        run.say(f"{hop} is this server itself")
        return run.loops(run, hop, target.uri, target.routes)
    return _answer_of(run, hop)


def _is_here(run: Run, hop: Hop) -> bool:
    """With a socket on every address only the one that the client talked to is known to be here."""
    sockets = run.setup.sockets
    if any(socket.address == hop.host for socket in sockets.sockets):
        return True
    destination = run.message.destination
    return destination is not None and hop.host == destination.host


def _answer_of(run: Run, hop: Hop) -> Status:
    world = run.setup.world
    for peer in world.peers:
        if (peer.at.host, peer.at.port) == (hop.host, hop.port):
            answers = peer.answers.get(run.message.method) or peer.answers.get("default") or (200,)
            key = f"{peer.at} {run.message.method}"
            if key not in run.heard:  # a request that is sent again gets the same answer
                asked = run.memory.asked.get(key, 0)
                run.memory.asked[key] = asked + 1
                run.heard[key] = answers[min(asked, len(answers) - 1)]
            status = run.heard[key]
            run.say(f"{hop} answers {status}")
            return status
    if not world.complete:
        run.assume(f"what {hop} answers; {GRANTED}")
        return 200
    patience = run.setup.number("tm", "fr_timer", 30_000) / 1000
    if patience < PATIENCE:
        run.say(f"nobody answers at {hop}: 408 after {patience:g} s")
        return 408
    run.say(f"nobody answers at {hop}")
    return TIMEOUT


def _passes_reply_routes(run: Run, status: int) -> bool:
    """Run the reply routes; the core's can drop a reply."""
    run.reply_status, run.dropped = str(status), False
    ran = run.interpreter.aside("reply_route", "")
    if ran and run.dropped:
        run.say("reply_route drops the reply")
        run.reply_status = None
        return False
    if run.on_reply:
        run.interpreter.aside("onreply_route", run.on_reply)
    run.reply_status, run.dropped = None, False
    return True
