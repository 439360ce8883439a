"""Asks a simulated Kamailio what the people get for whom a configuration is there: a phone with the right password, a
peer whose address is listed.

A refusal counts only if no way leads around it: whatever a table may hold, whichever of the configuration's own
domains, addresses and transports the client uses, and in every version in question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

from cfglint.data.database import NoData, Row
from cfglint.knowledge.versions import Version
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.answer import Reply, Status
from cfglint.simulate.client import Credentials, Message, challenged
from cfglint.simulate.kamailio import addresses, tables
from cfglint.simulate.kamailio.paths import MAX_PATHS
from cfglint.simulate.kamailio.server import KamailioServer, Outcome
from cfglint.simulate.kamailio.sockets import EVERY_ADDRESS, canonical
from cfglint.simulate.request import KNOWN, Endpoint, Request, Uri, World
from cfglint.source import Place
from cfglint.syntax.kamailio.tokens import String

MAX_DOMAINS, MAX_USERS, MAX_PEERS = 4, 2, 5
"""So many of the configuration's domains, accounts and listed peers are tried."""
MAX_ATTEMPTS = 16
"""So many variants of a request are tried before it counts as refused."""

PHONE = Endpoint("203.0.113.77", 5060)
"""Where a telephone calls from: an address that no configuration lists."""
MOVED = Endpoint("203.0.113.78", 5070)
"""Where it calls from after it has moved."""
NUMBERS = ("1001", "+15550199")
"""What a peer calls."""
AGENT = "Yealink SIP-T46U 108.86.0.20"
SERVER_ADDRESS = "198.18.0.1"
"""The server's own address where the configuration names none."""

_DOMAIN = re.compile(r"(?=.{4,80}$)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)*\.[a-z][a-z0-9-]+", re.IGNORECASE)
_FILE = re.compile(r".*\.(?:so|cfg|conf|list|lua|py|js|sock|pid|txt|db|sqlite|pem|crt|key|log|sh)", re.IGNORECASE)


Variants = Callable[[KamailioServer], Iterator[list[Request]]]
"""The ways in which a client may go about something, each of them one or more requests in order."""


class Account(NamedTuple):
    """A phone's account; the domain None: any of the configuration's own."""

    user: str
    domain: str | None
    password: str


class Refusal(NamedTuple):
    """What a client is told that should have been let in: all statuses, and the last reply on the expected way."""

    request: Request
    statuses: tuple[Status, ...]
    reply: Reply

    @property
    def place(self) -> Place | None:
        """The line that decides."""
        return self.reply.decided_by


class Probes:
    """The requests that are put to one configuration. Each question is asked once."""

    def __init__(self, kamailio: Kamailio) -> None:
        self._kamailio = kamailio
        self._versions: list[Version] = sorted(
            (tuple(map(int, release.split("."))) for release in kamailio.releases), reverse=True
        )
        self._servers: dict[Version, KamailioServer] = {}

    def _server(self, version: Version) -> KamailioServer:
        """A server that has just started."""
        server = self._servers.get(version)
        if server is None:
            server = self._servers[version] = KamailioServer(self._kamailio, version, World())
        server.start()
        return server

    # ------------------------------------------------------------------------------------------------------ questions

    @cached_property
    def registration(self) -> Refusal | None:
        """What a phone is told that registers; None where one can, and where nobody is meant to."""
        if not self._kamailio.calls_of("save") or self._silent:
            return None
        return self._everywhere(self._registrations)

    @cached_property
    def listed_registration(self) -> Refusal | None:
        """The same for a phone with an address that is listed; None where there is no such list."""
        return self._everywhere(self._listed_registrations)

    @cached_property
    def has_list(self) -> bool:
        """Does a list of addresses that the script asks hold any?"""
        return any(self.peers(self._server(version)) for version in self._versions[:1])

    @cached_property
    def refresh(self) -> Refusal | None:
        """What a registered phone is told that comes back with the nonce it has, which is too old by now; None where it
        gets a new one, as RFC 3261, 22.3 has it."""
        return None if self.registration or not self._kamailio.calls_of("save") else self._everywhere(self._refreshes)

    @cached_property
    def second_contact(self) -> Refusal | None:
        """What a registered phone is told that registers from another address, its first contact still there."""
        return None if self.registration or not self._kamailio.calls_of("save") else self._everywhere(self._moves)

    @cached_property
    def call(self) -> Refusal | None:
        """What a registered phone is told that calls another one; None where it can."""
        script = self._kamailio
        if not script.calls_of("save") or not script.calls_of("lookup") or self._silent or self.registration:
            return None
        return self._everywhere(self._calls)

    @cached_property
    def peer_call(self) -> Refusal | None:
        """What a peer is told that is in a list the script asks, and calls; None where it can."""
        return None if self._silent else self._everywhere(self._peer_calls)

    @property
    def _silent(self) -> bool:
        """Is there nothing that could be judged?"""
        script = self._kamailio
        return not script.whole or script.engine is not None or ("request_route", None) not in script.named_routes

    def _everywhere(self, variants: Variants) -> Refusal | None:
        """The refusal in the newest version, if every version in question refuses."""
        refusals = []
        for version in self._versions:
            refusal = self._refused(version, variants)
            if refusal is None:
                return None
            refusals.append(refusal)
        return refusals[0]

    def _refused(self, version: Version, variants: Variants) -> Refusal | None:
        first = None
        for count, conversation in enumerate(variants(self._server(version))):
            if count >= MAX_ATTEMPTS:
                return None
            server = self._server(version)
            refusal = converse(server, conversation)
            if refusal is None:
                return None
            if first is None:
                first = refusal
        return first

    # ------------------------------------------------------------------------------------------------------- variants

    def _registrations(self, server: KamailioServer) -> Iterator[list[Request]]:
        for account, domain, destination, transport in self._clients(server):
            yield [_register(account, domain, destination, transport)]

    def _calls(self, server: KamailioServer) -> Iterator[list[Request]]:
        for account, domain, destination, transport in self._clients(server):
            callee = Account("1002" if account.user != "1002" else "1003", domain, KNOWN)
            others = [other for other in self.accounts(server) if other.user != account.user]
            callee = others[0] if others else callee
            registered = _register(callee, callee.domain or domain, destination, transport)
            to = Uri("sip", callee.user, callee.domain or domain, None)
            invite = registered._replace(
                id="call",
                method="INVITE",
                from_=Uri("sip", account.user, domain, None),
                to=to,
                request_uri=to,
                auth_user=account.user,
                password=account.password,
                contact=Uri("sip", account.user, PHONE.host, PHONE.port),
            )
            registrations = [registered, _register(account, domain, destination, transport)]
            yield [*registrations, invite]
            for source in self.peers(server)[:1]:
                yield [*registrations, invite._replace(source=Endpoint(source, 5060))]

    def _listed_registrations(self, server: KamailioServer) -> Iterator[list[Request]]:
        for source in self.peers(server)[:MAX_USERS]:
            for account, domain, destination, transport in self._clients(server):
                request = _register(account, domain, destination, transport)
                yield [request._replace(source=Endpoint(source, 5060))]

    def _refreshes(self, server: KamailioServer) -> Iterator[list[Request]]:
        age = server.setup.number("auth", "nonce_expire", 300) + 1
        for conversation in self._registrations(server):
            yield [*conversation, conversation[-1]._replace(id="refresh", nonce="reuse", wait=age)]

    def _moves(self, server: KamailioServer) -> Iterator[list[Request]]:
        for conversation in self._registrations(server):
            first = conversation[-1]
            contact = Uri("sip", first.from_.user, MOVED.host, MOVED.port)
            yield [*conversation, first._replace(id="moved", source=MOVED, contact=contact)]

    def _clients(self, server: KamailioServer) -> Iterator[tuple[Account, str, Endpoint, str]]:
        sockets = _sockets(server)
        for account in self.accounts(server):
            for domain in [account.domain] if account.domain else self.domains(server):
                for transport, destination in sockets:
                    yield account, domain, destination, transport

    def _peer_calls(self, server: KamailioServer) -> Iterator[list[Request]]:
        for host in self.peers(server):
            yield from self._calls_from(server, host)

    def _calls_from(self, server: KamailioServer, host: str) -> Iterator[list[Request]]:
        sockets = _sockets(server)
        own = [destination.host for _, destination in sockets[:1]]
        for domain in dict.fromkeys([*own, *self.domains(server)]):
            for user in NUMBERS:
                for transport, destination in sockets:
                    to = Uri("sip", user, domain, None)
                    caller = Uri("sip", "+15550100", host, None)
                    yield [
                        Request(
                            "peer",
                            "INVITE",
                            caller,
                            to,
                            to,
                            source=Endpoint(host, 5060),
                            destination=destination,
                            transport=transport,
                        )
                    ]

    # ----------------------------------------------------------------------------------------------------------- facts

    def accounts(self, server: KamailioServer) -> list[Account]:
        """Accounts to try: some of the subscriber table where that can be read, else one that is taken to be there."""
        rows = self._rows(server, "auth_db", "subscriber")
        if not rows:
            kept = self._kept(server)
            return kept[:MAX_USERS] or [Account("1001", None, KNOWN)]
        found = []
        for row in rows[:MAX_USERS]:
            password, domain = row.get("password"), row.get("domain")
            found.append(Account(str(row.get("username")), str(domain) if domain else None, str(password or KNOWN)))
        return found

    def _kept(self, server: KamailioServer) -> list[Account]:
        """Accounts that the script itself keeps in a hash table at start, for pv_auth."""
        if not self._kamailio.calls_of("pv_www_authenticate", "pv_proxy_authenticate", "pv_auth_check"):
            return []
        keys = [key for table in server.memory.tables.values() for key in table]
        split = [key.removeprefix("sip:").partition("@") for key in keys]
        return [Account(user, domain or None, KNOWN) for user, _, domain in split if user]

    def domains(self, server: KamailioServer) -> list[str]:
        """The server's own names, and what the script compares domains with; the likeliest first."""
        setup = server.setup
        found = [name.host for name in setup.sockets.names]
        found += [str(row.get("domain")) for row in self._rows(server, "domain", "domain")]
        found += [
            text
            for route in self._kamailio.nodes(String)
            if _DOMAIN.fullmatch(text := route.node.value) and not _FILE.fullmatch(text)
        ]
        found += [name for s in setup.sockets.sockets for name in (s.host, *(s.advertised or ())[:1])]
        named = [name for name in dict.fromkeys(found) if name not in EVERY_ADDRESS]
        return named[:MAX_DOMAINS] or [SERVER_ADDRESS]

    def peers(self, server: KamailioServer) -> list[str]:
        """Addresses that tables or files list for functions that the script calls."""
        called = {located.call.name for located in self._kamailio.calls}
        found: list[str] = []
        if called & {"allow_source_address", "allow_source_address_group", "allow_address", "allow_address_group"}:
            try:
                entries = addresses.load(server.idle()) or []
            except (tables.Failed, addresses.BadEntry):
                entries = []
            # The first address of a network is often its router: the second will do for a peer.
            found += [str(e.network[0] if e.single else e.network[1]) for e in entries if e.network is not None]
        if "allow_trusted" in called:
            found += [str(row.get("src_ip")) for row in self._rows(server, "permissions", "trusted")]
        hosts = [host for name in found if (host := canonical(name)) is not None]
        return list(dict.fromkeys(hosts))[:MAX_PEERS]

    def _rows(self, server: KamailioServer, module: str, table: str) -> list[Row]:
        """What can be read of a table; nothing where that is nothing."""
        data = self._kamailio.data
        if data is None or not server.setup.has(module):
            return []
        try:
            database = data.database(server.setup.text(module, "db_url", tables.DEFAULT_URL))
            return database.rows(table) if database is not None else []
        except NoData:
            return []


_known: WeakKeyDictionary[Kamailio, Probes] = WeakKeyDictionary()


def probes(kamailio: Kamailio) -> Probes:
    """The questions to a configuration, shared by all who ask."""
    found = _known.get(kamailio)
    if found is None:
        found = _known[kamailio] = Probes(kamailio)
    return found


def converse(server: KamailioServer, requests: list[Request]) -> Refusal | None:
    """Send requests in order, answer challenges, and go every way that leads to success; what the last one is told, or
    the first before it that is refused. None where all succeed, or where not all ways could be followed."""
    now, held = 0.0, None
    for request in requests:
        now += request.wait
        refusal, held = _attempt(server, request, held if request.nonce == "reuse" else None, (), now)
        if refusal is not None:
            return refusal
    return None


def _attempt(
    server: KamailioServer, request: Request, credentials: Credentials | None, before: tuple[Status, ...], now: float
) -> tuple[Refusal | None, Credentials | None]:
    """The refusal, and the credentials that were used last."""
    outcomes = server.outcomes(Message(request, credentials, now))
    if len(outcomes) >= MAX_PATHS or any(_inconclusive(outcome.reply) for outcome in outcomes):
        return None, credentials
    for outcome in outcomes:
        if _is_success(outcome.reply.status):
            server.go_on(outcome)
            return None, credentials
    refusal = Refusal(request, (*before, outcomes[0].reply.status), outcomes[0].reply)
    reused = request.nonce == "reuse" and not before
    for outcome in _challenges(outcomes):
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


def _challenges(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.reply.status in (401, 407)]


def _inconclusive(reply: Reply) -> bool:
    """Does it hang on a function that is not modelled, or on something that nobody can look into?"""
    return any(unknown.startswith("what ") for unknown in reply.unknowns)


def _register(account: Account, domain: str, destination: Endpoint, transport: str) -> Request:
    uri = Uri("sip", account.user, domain, None)
    return Request(
        "phone",
        "REGISTER",
        uri,
        uri,
        Uri("sip", "", domain, None),
        account.user,
        account.password,
        algorithms=("MD5", "SHA-256"),
        source=PHONE,
        destination=destination,
        transport=transport,
        contact=Uri("sip", account.user, PHONE.host, PHONE.port),
        expires=3600,
        headers={"User-Agent": AGENT},
    )


def _sockets(server: KamailioServer) -> list[tuple[str, Endpoint]]:
    """Transports and where a client would send to, one of each transport."""
    found: dict[str, Endpoint] = {}
    for socket in server.setup.sockets.sockets:
        host = socket.address if socket.address not in (None, *EVERY_ADDRESS) else SERVER_ADDRESS
        for transport in [socket.transport] if socket.transport else ["udp", "tcp"]:
            found.setdefault(transport, Endpoint(host or SERVER_ADDRESS, socket.port))
    return list(found.items()) or [("udp", Endpoint(SERVER_ADDRESS, 5060))]
