"""A client talks to a simulated Kamailio: does it get what it wants on any way, and is that clear?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Reply, Status
from cfglint.simulate.client import Credentials, Message, challenged
from cfglint.simulate.kamailio.relaying import is_about_next_hop, is_let_in
from cfglint.simulate.kamailio.server import KamailioServer, Outcome
from cfglint.simulate.request import Request
from cfglint.source import Place

Variants = Callable[[KamailioServer], Iterator[list[Request]]]
"""The ways in which a client may go about something, each of them one or more requests in order."""


class Unclear(Exception):
    """The answer hangs on what is not modelled."""


class Refusal(NamedTuple):
    """What a client is told that should have been let in: all statuses, and the last reply on the expected way."""

    request: Request
    statuses: tuple[Status, ...]
    reply: Reply
    variants: Variants | None = None
    """All that it tried."""

    @property
    def place(self) -> Place | None:
        """The line that decides."""
        return self.reply.decided_by


def converse(server: KamailioServer, requests: list[Request]) -> Refusal | None:
    """Send requests in order, answer challenges, and go every way that leads to success; what the last one is told, or
    the first before it that is refused. None where all succeed, or where not all ways could be followed."""
    return next((told for told in _converse(server, requests) if isinstance(told, Refusal)), None)


def accepted(server: KamailioServer, requests: list[Request]) -> bool:
    """Do all requests succeed on one way, and is that clear?"""
    return all(told is True for told in _converse(server, requests))


def _converse(server: KamailioServer, requests: list[Request]) -> Iterator[Refusal | bool]:
    """For each request its refusal, or whether its success is clear."""
    now, held = 0.0, None
    for request in requests:
        now += request.wait
        try:
            refusal, held = _attempt(server, request, held if request.nonce == "reuse" else None, (), now)
        except Unclear:
            yield False
            continue
        yield refusal or True


def _attempt(
    server: KamailioServer, request: Request, credentials: Credentials | None, before: tuple[Status, ...], now: float
) -> tuple[Refusal | None, Credentials | None]:
    """The refusal, and the credentials that were used last. Raises `Unclear`."""
    outcomes = server.outcomes(Message(request, credentials, now))
    if any(_inconclusive(outcome.reply) for outcome in outcomes):
        if any(_is_relayed(outcome.reply) for outcome in outcomes):
            return None, credentials
        raise Unclear
    for outcome in outcomes:
        if _is_success(outcome.reply.status):
            server.go_on(outcome)
            return None, credentials
    refusal = Refusal(request, (*before, outcomes[0].reply.status), outcomes[0].reply)
    reused = request.nonce == "reuse" and not before
    for outcome in challenges(outcomes):
        found = challenged(request, None if reused else credentials, outcome.reply)
        if found is None or len(before) > 2:
            continue
        server.go_on(outcome)
        later, used = _attempt(server, request, found, (*before, outcome.reply.status), now)
        if later is None:
            return None, used
        if outcome is outcomes[0]:
            refusal = later
    return refusal, credentials


def _is_success(status: Status) -> bool:
    return isinstance(status, int) and 200 <= status < 300


def challenges(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those that ask for a password."""
    return [outcome for outcome in outcomes if outcome.reply.status in (401, 407)]


def _is_relayed(reply: Reply) -> bool:
    """Does it succeed, but for what nobody knows of the next hop?"""
    hidden = (unknown for unknown in reply.unknowns if unknown.startswith("what "))
    return is_let_in(reply) and all(map(is_about_next_hop, hidden))


def _inconclusive(reply: Reply) -> bool:
    """Does it hang on a function that is not modelled, or on something that nobody can look into?"""
    return any(unknown.startswith("what ") for unknown in reply.unknowns)
