"""Asks a simulated Kamailio what the people get for whom a configuration is there: a phone with the right password, a
peer whose address is listed.

A refusal counts only if no way leads around it: whatever a table may hold, whichever of the configuration's own
domains, addresses and transports the client uses, and in every version in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice

from cfglint.knowledge.versions import Version
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio import listings
from cfglint.simulate.kamailio.conversation import Refusal, Variants, accepted, converse
from cfglint.simulate.kamailio.listings import LISTS, gateways, listed, peers
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.kamailio.surroundings import (
    MAX_USERS,
    SOURCE,
    Account,
    accounts,
    compared,
    domains,
    endpoints,
)
from cfglint.simulate.request import KNOWN, Endpoint, Request, Uri, World
from cfglint.source import Place

MAX_ATTEMPTS, MAX_PEER_ATTEMPTS = 16, 72
"""So many variants of a request are tried, and of a peer's call; where there are more, it does not count as refused."""
MAX_WORK = 50_000
"""So many statements are followed for all questions; ordinary scripts need some hundred."""
MAX_CALLERS = 3
"""So many of the peers of a list are tried."""

PHONE = Endpoint("203.0.113.77", 5060)
"""Where a telephone calls from: an address that no configuration lists."""
STRANGER = "198.51.100.99"
"""Somebody else's server."""
MOVED = Endpoint("203.0.113.78", 5070)
"""Where it calls from after it has moved."""
NUMBERS = ("1001", "+15550199")
"""What a peer calls: a phone, and a number beyond this server."""
AGENTS = ("Yealink SIP-T46U 108.86.0.20", "Grandstream GXP2170 1.0.11.64", "snomD785/10.1.175.16", "Linphone/5.2.0")
"""Names that phones give themselves."""


class Probes:
    """The requests that are put to one configuration. Each question is asked once."""

    def __init__(self, kamailio: Kamailio) -> None:
        self._kamailio = kamailio
        self.versions: list[Version] = sorted(
            (tuple(map(int, release.split("."))) for release in kamailio.releases), reverse=True
        )
        """The releases in question, the newest first."""
        self._servers: dict[Version, KamailioServer] = {}

    @property
    def is_cut(self) -> bool:
        """Is there too much to follow?"""
        servers = self._servers.values()
        return sum(server.work for server in servers) > MAX_WORK or any(server.gave_up for server in servers)

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
        return any(peers(self._server(version)) for version in self.versions[:1])

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
        return self._everywhere(self._calls) if self._has_phones else None

    @cached_property
    def unlisted_call(self) -> Refusal | None:
        """What a registered phone is told that calls from an address that is not listed, where one that is listed is
        asked for its password when it calls: so it is phones that shall call. None where it can."""
        if not self._has_phones or not self.has_list or self.call is not None:
            return None
        asked = self._everywhere(self._listed_calls_without_password)
        if asked is None or asked.statuses[-1] not in (401, 407):
            return None
        return self._everywhere(self._unlisted_calls)

    @property
    def _has_phones(self) -> bool:
        """Are there phones that register, and call each other?"""
        script = self._kamailio
        registering = script.calls_of("save") and script.calls_of("lookup") and not self._silent
        return bool(registering) and self.registration is None

    @cached_property
    def peer_call(self) -> Refusal | None:
        """What a peer is told that is in a list the script asks, and calls; None where it can."""
        return self._call_from(listed)

    @cached_property
    def gateway_call(self) -> Refusal | None:
        """What a destination of dispatcher is told that calls, and that is in a set the script asks; None where it
        can."""
        return self._call_from(gateways)

    def _call_from(self, callers: Callable[[KamailioServer], list[Endpoint]]) -> Refusal | None:
        """A list may also be there for those who call by one of this server's own domains, and name themselves so. Then
        it is not refused, unless strangers can do the same: such a list is there for others."""
        if self._silent:
            return None
        refusal = self._everywhere(
            lambda server: self._peer_calls(server, callers(server)[:MAX_CALLERS]), MAX_PEER_ATTEMPTS
        )
        if refusal is None or refusal.request.id != "peer":
            return None
        if self._everywhere(lambda server: self._peer_calls(server, callers(server)[:1], own=True)) is None:
            stranger = [Endpoint(STRANGER, 5060)]
            is_open = self._everywhere(lambda server: self._peer_calls(server, stranger, own=True)) is None
            elsewhere = self.stranger_call is not None and self.stranger_call.place != refusal.place
            return refusal if is_open and (elsewhere or _asks_a_list(refusal.place)) else None
        return refusal

    @cached_property
    def hang_up(self) -> Refusal | None:
        """What the other side of a call is told that hangs up: it comes from anywhere, and has no password."""
        if self._silent or not self._kamailio.calls_of("loose_route"):
            return None
        return self._everywhere(self._hang_ups)

    @cached_property
    def spared(self) -> list[tuple[str, Refusal]]:
        """Addresses that conditions except by name (``$si != "..."``), and that the very same conditions refuse."""
        if self._silent:
            return []
        found = []
        for host in compared(self._kamailio, SOURCE, ("!=",)):
            refusal = self._everywhere(lambda server, host=host: self._calls_from(server, Endpoint(host, 5060)))  # type: ignore[misc]
            if refusal is not None and refusal.statuses == (403,) and refusal.place and host in refusal.place.text:
                found.append((host, refusal))
        return found

    @cached_property
    def stranger_call(self) -> Refusal | None:
        """What somebody is told that no list holds, and calls."""
        return (
            None
            if self._silent
            else self._everywhere(lambda server: self._calls_from(server, Endpoint(STRANGER, 5060)))
        )

    @property
    def groups(self) -> list[int]:
        """The groups of addresses that there are."""
        return listings.groups(self._server(self.versions[0]))

    @property
    def emptiness(self) -> dict[str, str]:
        """The functions that ask a list which holds nobody, as far as that can be seen, and why it does."""
        return dict(listings.emptiness(self._server(self.versions[0])))

    @property
    def black_listed(self) -> list[str]:
        """What the User-Agents begin with that secfilter refuses."""
        return listings.black_listed(self._server(self.versions[0]))

    def registration_of(self, agent: str) -> Refusal | None:
        """What a phone is told that registers and calls itself so."""
        return None if self._silent else self._everywhere(lambda server: self._registrations_of(server, agent))

    @property
    def _silent(self) -> bool:
        """Is there nothing that could be judged?"""
        script = self._kamailio
        return not script.whole or script.engine is not None or ("request_route", None) not in script.named_routes

    def _everywhere(self, variants: Variants, limit: int = MAX_ATTEMPTS) -> Refusal | None:
        """The refusal in the newest version, if every version in question refuses."""
        refusals = []
        for version in self.versions:
            refusal = self._refused(version, variants, limit)
            if refusal is None:
                return None
            refusals.append(refusal)
        return refusals[0]._replace(variants=variants)

    def accepts(self, variants: Variants) -> bool:
        """Is one of the variants accepted in every version in question, beyond doubt?"""
        return all(
            any(
                accepted(self._server(version), conversation)
                for conversation in islice(variants(self._server(version)), MAX_ATTEMPTS)
            )
            for version in self.versions
        )

    def _refused(self, version: Version, variants: Variants, limit: int) -> Refusal | None:
        first = None
        for count, conversation in enumerate(variants(self._server(version))):
            if count >= limit or self.is_cut:
                return None
            server = self._server(version)
            refusal = converse(server, conversation)
            if refusal is None:
                return None
            # Of a peer's numbers one may not exist, and another not be allowed: the latter tells more.
            if first is None or (refusal.request.id == "peer" and first.statuses[-1] == 404):
                first = refusal
        return first

    # ------------------------------------------------------------------------------------------------------- variants

    def _registrations(self, server: KamailioServer) -> Iterator[list[Request]]:
        for account, domain, destination, transport in self._clients(server):
            yield [_register(account, domain, destination, transport)]
        for account, domain, destination, transport in islice(self._clients(server), 1):
            request = _register(account, domain, destination, transport)
            for agent in AGENTS[1:]:
                yield [request._replace(headers={"user-agent": agent})]

    def _registrations_of(self, server: KamailioServer, agent: str) -> Iterator[list[Request]]:
        for account, domain, destination, transport in self._clients(server):
            yield [_register(account, domain, destination, transport)._replace(headers={"user-agent": agent})]

    def _calls(self, server: KamailioServer) -> Iterator[list[Request]]:
        for *registrations, invite in self._unlisted_calls(server):
            yield [*registrations, invite]
            for source in peers(server)[:1]:
                yield [*registrations, invite._replace(source=Endpoint(source, 5060))]

    def _listed_calls_without_password(self, server: KamailioServer) -> Iterator[list[Request]]:
        for *registrations, invite in self._unlisted_calls(server):
            for source in peers(server)[:1]:
                yield [*registrations, invite._replace(source=Endpoint(source, 5060), password=None)]

    def _unlisted_calls(self, server: KamailioServer) -> Iterator[list[Request]]:
        for account, domain, destination, transport in self._clients(server):
            callee = Account("1002" if account.user != "1002" else "1003", domain, KNOWN)
            others = [other for other in accounts(server) if other.user != account.user]
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
            yield [registered, _register(account, domain, destination, transport), invite]

    def _listed_registrations(self, server: KamailioServer) -> Iterator[list[Request]]:
        for source in peers(server)[:MAX_USERS]:
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

    def _hang_ups(self, server: KamailioServer) -> Iterator[list[Request]]:
        for transport, destination in endpoints(server)[:1]:
            for domain in domains(server)[:1]:
                caller = Uri("sip", "+15550100", STRANGER, None)
                yield [
                    Request(
                        "bye",
                        "BYE",
                        Uri("sip", "1001", domain, None),
                        caller,
                        caller._replace(port=5060),
                        source=PHONE,
                        destination=destination,
                        transport=transport,
                        to_tag=True,
                        route=f"sip:{destination.host};lr",
                    )
                ]

    def _clients(self, server: KamailioServer) -> Iterator[tuple[Account, str, Endpoint, str]]:
        sockets = endpoints(server)
        for account in accounts(server):
            for domain in [account.domain] if account.domain else domains(server):
                for transport, destination in sockets:
                    yield account, domain, destination, transport

    def _peer_calls(
        self, server: KamailioServer, callers: list[Endpoint], *, own: bool = False
    ) -> Iterator[list[Request]]:
        """Calls to a phone that is registered, where any can be, and to a number elsewhere."""
        registered = []
        if self._kamailio.calls_of("save") and self._kamailio.calls_of("lookup"):
            registered = [_register(*client) for client in islice(self._clients(server), 1)]
        callee = [request.to for request in registered]
        for caller in callers:
            for conversation in self._calls_from(server, caller, callee, own=own):
                yield [*registered, *conversation]

    def _calls_from(
        self, server: KamailioServer, source: Endpoint, callees: Iterable[Uri] = (), *, own: bool = False
    ) -> Iterator[list[Request]]:
        """Calls of a server that names itself in From by its address, or by one of this server's `own` domains."""
        sockets = endpoints(server)
        hosts = [*(destination.host for _, destination in sockets[:1]), *domains(server)]
        numbers = [Uri("sip", user, domain, None) for domain in dict.fromkeys(hosts) for user in NUMBERS]
        for to in dict.fromkeys([*callees, *numbers]):
            for transport, destination in sockets:
                caller = Uri("sip", "+15550100", domains(server)[0] if own else source.host, None)
                yield [
                    Request(
                        "peer", "INVITE", caller, to, to, source=source, destination=destination, transport=transport
                    )
                ]


def _asks_a_list(place: Place | None) -> bool:
    """Is it a list that the line which decides asks?"""
    return place is not None and any(f"{function}(" in place.text for function in LISTS)


def probes(kamailio: Kamailio) -> Probes:
    """The questions to a configuration, shared by all who ask."""
    found: Probes | None = kamailio.shared.get(Probes)
    if found is None:
        found = kamailio.shared[Probes] = Probes(kamailio)
    return found


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
        headers={"user-agent": AGENTS[0]},
    )
