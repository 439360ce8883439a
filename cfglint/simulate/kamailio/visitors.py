"""Who comes to a Kamailio's door: those who must not get in, and those who belong here.

A stranger gets in when a REGISTER or a call of his ends in 2xx on any way through the script, whatever a table may
hold. Somebody whom he can call is always registered, so that a call fails for no other reason than the script's will.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import constant
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Status
from cfglint.simulate.client import Credentials, Message, challenged
from cfglint.simulate.kamailio import location
from cfglint.simulate.kamailio.listings import peers
from cfglint.simulate.kamailio.message import SipUri
from cfglint.simulate.kamailio.relaying import is_let_in
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.kamailio.state import Contact
from cfglint.simulate.kamailio.surroundings import accounts, domains, endpoints
from cfglint.simulate.request import WRONG, Endpoint, Request, Uri, World

FOREIGN = ("198.51.100.99", "203.0.113.99", "192.0.2.199", "100.127.7.7", "9.9.9.9")
"""Addresses to come from; the first is taken of a network that neither a list nor the script names."""
NOBODY = "nobody-7f3a"
ELSEWHERE = "elsewhere.invalid"
OUTSIDE = "+15550199"
"""A number beyond this server."""
MAX_DOMAINS, MAX_ATTEMPTS = 2, 3
MAX_WORK = 100_000
"""So many statements are followed to compare two states of a script; ordinary scripts need a tenth of that."""


class Untold(Exception):
    """A script has so many ways that nobody can tell who gets in."""


class Visitor(NamedTuple):
    """A request, and who sends it."""

    who: str
    request: Request
    stranger: bool

    def __hash__(self) -> int:
        request = self.request
        return hash((self.who, request.source, request.destination, request.from_, request.to, request.password))


Told = tuple[bool, tuple[Status, ...]]
"""Whether a visitor is let in, and all statuses."""


def intruder(before: Kamailio, after: Kamailio) -> Visitor | None:
    """A stranger who gets in after a change, and did not before; None where there is none. Raises `Untold`."""
    for visitor, (was_in, _), (is_in, _) in differences(before, after, strangers=True):
        if is_in and not was_in:
            return visitor
    return None


def differences(before: Kamailio, after: Kamailio, *, strangers: bool = False) -> Iterator[tuple[Visitor, Told, Told]]:
    """Whoever is told something else after a change, with what he is told then and now, in the oldest and the newest
    version in question; perhaps strangers alone. Raises `Untold`, and then for every other change of `before`, too."""
    if Untold in before.shared:
        raise Untold
    versions = sorted(tuple(map(int, release.split("."))) for release in after.releases)
    for version in dict.fromkeys((versions[-1], versions[0])):
        old, new = (KamailioServer(kamailio, version, World()) for kamailio in (before, after))
        for visitor in visitors_of(old, new):
            if strangers and not visitor.stranger:
                continue
            then, now = furthest(old, visitor), furthest(new, visitor)
            if then != now:
                yield visitor, then, now
            if old.work + new.work > MAX_WORK:
                before.shared[Untold] = True
                raise Untold


def visitors_of(one: KamailioServer, other: KamailioServer) -> list[Visitor]:
    """Those whom either of two states of a server suggests."""
    listed = list(dict.fromkeys([*peers(other), *peers(one)]))
    return list(dict.fromkeys([*visitors(other, listed), *visitors(one, listed)]))


def visitors(server: KamailioServer, listed: list[str]) -> Iterator[Visitor]:
    """Those who send the probes; `listed` are the addresses of peers."""
    foreign = Endpoint(_foreign(server.setup.kamailio, listed), 5060)
    known = accounts(server)[0]
    for transport, destination in endpoints(server):
        for domain in domains(server)[:MAX_DOMAINS]:
            account = Uri("sip", known.user, known.domain or domain, None)
            here = _Door(foreign, destination, transport)
            nobody = account._replace(user=NOBODY)
            yield Visitor(f"REGISTER {account.user}", here.register(account, known.password), False)
            yield Visitor("REGISTER of an unknown account", here.register(nobody, WRONG), True)
            yield Visitor(f"REGISTER {account.user} with a wrong password", here.register(account, WRONG), True)
            yield Visitor(f"REGISTER {account.user} without credentials", here.register(account, None), True)
            yield Visitor(f"REGISTER {account.user} with an empty password", here.register(account, ""), True)
            for callee in (account, account._replace(user=OUTSIDE)):
                for caller in (Uri("sip", NOBODY, ELSEWHERE, None), nobody, account):
                    yield Visitor("INVITE from outside", here.call(caller, callee, None), True)
                who = f"INVITE from {account.user} with a wrong password"
                yield Visitor(who, here.call(account, callee, WRONG), True)
                for host in listed:
                    there = here._replace(source=Endpoint(host, 5060))
                    caller = Uri("sip", "+15550100", host, None)
                    yield Visitor(f"INVITE from {host}", there.call(caller, callee, None), False)


def _foreign(kamailio: Kamailio, listed: list[str]) -> str:
    named = " ".join([*listed, *(token.text.replace("\\", "") for token in kamailio.config.tokens)])
    return next((host for host in FOREIGN if ".".join(host.split(".")[:2]) + "." not in named), FOREIGN[-1])


class _Door(NamedTuple):
    """Where requests come from, and by which way."""

    source: Endpoint
    destination: Endpoint
    transport: str

    def register(self, account: Uri, password: str | None) -> Request:
        """A registration."""
        registrar = account._replace(user="")
        return self._request("REGISTER", account, account, registrar, password)

    def call(self, caller: Uri, callee: Uri, password: str | None) -> Request:
        """A call."""
        return self._request("INVITE", caller, callee, callee, password)

    def _request(self, method: str, from_: Uri, to: Uri, uri: Uri, password: str | None) -> Request:
        contact = Uri("sip", from_.user, self.source.host, self.source.port)
        return Request(
            "visitor",
            method,
            from_,
            to,
            uri,
            auth_user=from_.user,
            password=password,
            algorithms=("MD5", "SHA-256"),
            source=self.source,
            destination=self.destination,
            transport=self.transport,
            contact=contact,
            expires=3600 if method == "REGISTER" else None,
        )


def furthest(server: KamailioServer, visitor: Visitor) -> Told:
    """Whether there is a way on which the request is let in, and the answers on it, or on the expected way."""
    server.forget()
    if visitor.request.method == "INVITE":
        _register(server, visitor.request.to)
    return _told(server, visitor.request, None, ())


def _told(
    server: KamailioServer, request: Request, credentials: Credentials | None, before: tuple[Status, ...]
) -> Told:
    outcomes = server.outcomes(Message(request, credentials, 0.0))
    ends = []
    for outcome in outcomes:
        told = (*before, outcome.reply.status)
        answer = challenged(request, credentials, outcome.reply) if len(before) < MAX_ATTEMPTS else None
        let_in = is_let_in(outcome.reply)
        if answer is not None:
            server.go_on(outcome)
            let_in, told = _told(server, request, answer, told)
        if let_in:
            return True, told
        ends.append(told)
    return False, ends[0]


def _register(server: KamailioServer, user: Uri) -> None:
    """Give somebody a contact, as if he had registered."""
    run = server.idle()
    aor = location.aor_of(run, SipUri(user.scheme, user.user, "", user.host, 0, ""))
    contact = Contact(f"sip:{user.user}@198.18.0.77:5060", float("inf"), "", "registered")
    for table in _tables(server.setup.kamailio):
        location.keep(run, table, aor, [contact])


def _tables(kamailio: Kamailio) -> set[str]:
    """The tables of contacts that the script asks."""
    calls = [located.call for located in kamailio.calls_of("lookup", "lookup_branches")]
    return {constant(call.arguments[0]) or "location" for call in calls if call.arguments} | {"location"}
