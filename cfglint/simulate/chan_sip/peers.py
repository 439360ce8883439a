"""The peers of sip.conf: which one a request is from, where it is, and from which addresses it may come."""

from __future__ import annotations

from functools import cached_property

from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import parse_address
from cfglint.model.nat import FORCE_RPORT
from cfglint.model.sip import CONTACT_SENSES, MEDIA_SENSES, SOURCE_SENSES, Peer, Sip, split_host
from cfglint.model.values import is_true, number
from cfglint.resolve.asterisk import Option, folded
from cfglint.simulate.access import Verdict, admit
from cfglint.simulate.answer import Step
from cfglint.simulate.client import Message
from cfglint.simulate.request import Endpoint, Request, World
from cfglint.source import Place


class Peers:
    """All of them, and where those that have registered are."""

    def __init__(self, sip: Sip, world: World) -> None:
        self.sip = sip
        self.world = world
        self.registered: dict[str, tuple[Endpoint, float]] = {}
        """Peer to where its Contact points and when that expires."""
        self.dropped = {peer.name: reason for peer in sip.peers.values() if (reason := _dropped(peer)) is not None}
        """Peers that were deleted while they were built: why, where, and the check for it."""

    @cached_property
    def unreadable_contacts(self) -> Place | None:
        """The entry for contacts in [general] for which chan_sip does not load (reload_config)."""
        general = self.sip.general
        if general is None:
            return None
        found = read_list("section", "contact", general.name, general, general.options, CONTACT_SENSES)
        return found.faults[0].place if found is not None and found.faults else None

    def find(self, name: str, role: str) -> Peer | None:
        """By exact name among those that hold a role: ``p``, ``u``, or any (find_by_name)."""
        peer = self.sip.peers.get(folded(name))
        if peer is None or peer.name != name or name in self.dropped:
            return None
        return peer if role in peer.roles else None

    def find_by_address(self, request: Request, now: float) -> Peer | None:
        """Among the peers at an address first those that a callbackextension names (check_peer_ok)."""
        here = self.at_address(request, now)
        called = request.request_uri.user.lower()
        named = [(peer, where) for peer, where in here if called and peer.value("callbackextension").lower() == called]
        return self._reached(named, request) or self._reached(here, request)

    def at_address(self, request: Request, now: float) -> list[tuple[Peer, Endpoint]]:
        """The peers at the address that a request is from, whatever its port, and where they are."""
        return [
            (peer, where)
            for peer in self._located()
            if (where := self._where(peer, now)) is not None
            if where.number == request.source.number and request.transport in self.sip.transports(peer)
        ]

    def _reached(self, candidates: list[tuple[Peer, Endpoint]], request: Request) -> Peer | None:
        """Address and port first; then, with insecure=port, the address alone (peer_ipcmp_cb_full)."""
        for peer, where in candidates:
            if where.port == request.source.port:
                return peer
        for peer, _ in candidates:
            if request.transport == "udp":
                if "port" in self.sip.insecure(peer):
                    return peer
            elif not peer.dynamic or not self._behind_nat(peer, request):
                return peer
        return None

    def _located(self) -> list[Peer]:
        """The peers that may have an address, in order: those with a fixed host, and those that have registered."""
        here = [peer for peer in self.sip.phones if peer.name in self.registered] if self.registered else []
        return sorted([*self._fixed, *here], key=lambda peer: self._positions[peer.name])

    @cached_property
    def _fixed(self) -> list[Peer]:
        return [p for p in self.sip.peers.values() if p.registers and not p.dynamic and p.name not in self.dropped]

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {peer.name: index for index, peer in enumerate(self.sip.peers.values())}

    def _where(self, peer: Peer, now: float) -> Endpoint | None:
        """A peer's address: where it is registered, or its host as far as the name is known to resolve."""
        if peer.dynamic:
            registered = self.registered.get(peer.name)
            return registered[0] if registered is not None and registered[1] > now else None
        host = self.world.hosts.get(peer.value("host"), peer.value("host"))
        if isinstance(parse_address(host), str):
            return None
        return Endpoint(host, port_of(peer.get("port")) or 5060)

    def store(self, peer: Peer, message: Message, steps: list[Step]) -> None:
        """Store, renew or remove a Contact (parse_register_contact)."""
        request = message.request
        if request.expires == 0:
            self.registered.pop(peer.name, None)
            steps.append(Step("the registration is removed"))
            return
        expires = request.expires if request.expires is not None else 120
        where = request.source
        if request.contact is not None and not self._behind_nat(peer, request):
            parsed = parse_address(request.contact.host)
            if not isinstance(parsed, str):
                where = Endpoint(request.contact.host, request.contact.port or 5060)
        self.registered[peer.name] = (where, message.now + expires)
        steps.append(Step(f"'{peer.name}' is registered at {where}"))

    def _behind_nat(self, peer: Peer | None, request: Request) -> bool:
        """Does the source count instead of the Contact? With force_rport, or when the phone asks for rport."""
        return request.rport or FORCE_RPORT in self.sip.nat(peer)

    def admitted(self, peer: Peer, request: Request) -> Verdict:
        """May a request of this peer come from where it comes from?"""
        lists = _lists(peer, SOURCE_SENSES, "source")
        family, address = request.source.number
        return admit(lists, self.sip.tree.acls, family, address, request.source.host)

    def contact_admitted(self, peer: Peer, request: Request) -> Verdict:
        """The contact list of [general] and the peer's own, for what would be stored."""
        lists = _lists(peer, CONTACT_SENSES, "contact")
        general = self.sip.general
        if general is not None:
            found = read_list("section", "contact", general.name, general, general.options, CONTACT_SENSES)
            lists += [found] if found is not None else []
        host = request.source.host
        if request.contact is not None and not self._behind_nat(peer, request):
            host = request.contact.host
        parsed = parse_address(self.world.hosts.get(host, host))
        if isinstance(parsed, str):
            return Verdict(True, "")
        option = self.sip.general_option("dynamic_exclude_static") or self.sip.general_option("dynamic_excludes_static")
        if option is not None and is_true(option.value):
            for other in self.sip.peers.values():
                where = None if other.dynamic else self._where(other, 0)
                if where is not None and where.number == parsed:
                    return Verdict(False, f"{host} is the address of '{other.name}', which is static", option.place)
        return admit(lists, self.sip.tree.acls, *parsed, f"the contact {host}")


def _lists(peer: Peer, senses: dict[str, str], purpose: str) -> list[AccessList]:
    found = read_list("peer", purpose, peer.name, peer.section, peer.options, senses)
    return [found] if found is not None else []


def _dropped(peer: Peer) -> tuple[str, Place, str] | None:
    """What makes build_peer delete a peer, and the check for it: an address list that cannot be read, a host that
    cannot be looked up."""
    for purpose, senses in (("source", SOURCE_SENSES), ("contact", CONTACT_SENSES), ("media", MEDIA_SENSES)):
        for access in _lists(peer, senses, purpose):
            if access.faults:
                fault = access.faults[0]
                text = f"'{peer.name}' is deleted: its address list has an entry that {fault.reason}"
                return text, fault.place, "acl-unparsable-entry"
            for _, again in access.repetitions:
                text = f"'{peer.name}' is deleted: acl '{again.name}' is named twice"
                return text, again.place, "acl-named-repeated"
    host = peer.empty_host
    if host is not None:
        return f"'{peer.name}' is deleted: its host is empty", host.place, "sip-host-empty"
    host = peer.get("defaultip")
    if host is not None and split_host(host.value) is not None:
        text = f"'{peer.name}' is deleted: its defaultip '{host.value}' is no address"
        return text, host.place, "sip-trunk-host-with-port"
    return None


def port_of(option: Option | None) -> int | None:
    """The number in a line that names a port."""
    return None if option is None else number(option.value)
