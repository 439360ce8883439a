"""What a normal telephone sends for an account of the configuration, and what has to be typed into it."""

from __future__ import annotations

from cfglint.model.asterisk import Tree
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, names
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import folded
from cfglint.simulate.request import KNOWN, TRANSPORTS, Endpoint, Request, Uri


class Phone(NamedTuple):
    """The fields of a telephone's account page."""

    user_id: str
    auth_id: str
    domain: str
    transport: str

    def register(self, source: Endpoint, destination: Endpoint | None) -> Request:
        """The REGISTER it sends, with the right password."""
        uri = Uri("sip", self.user_id, self.domain, None)
        return Request(
            id=f"phone {self.user_id}",
            method="REGISTER",
            from_=uri,
            to=uri,
            request_uri=Uri("sip", "", self.domain, None),
            auth_user=self.auth_id,
            password=KNOWN,
            algorithms=("MD5", "SHA-256"),
            source=source,
            destination=destination,
            transport=self.transport,
        )


def phone_for(tree: Tree, account: str, domain: str) -> Phone | None:
    """The telephone that belongs to an account: a section of sip.conf, an endpoint of pjsip.conf; None if unknown."""
    if tree.pjsip is not None:
        endpoint = tree.pjsip.find("endpoint", account)
        if endpoint is not None:
            return _pjsip_phone(tree.pjsip, endpoint, domain)
    if tree.sip is not None:
        peer = tree.sip.peers.get(folded(account))
        if peer is not None:
            return Phone(peer.name, peer.name, domain, tree.sip.transports(peer)[0])
        if any(section.name == account for section in tree.sip.skipped):
            return Phone(account, account, domain, "udp")
    return None


def accounts(tree: Tree) -> list[str]:
    """The names of all accounts, in order."""
    found: list[str] = []
    if tree.pjsip is not None:
        found += [item.name for item in tree.pjsip.declared["endpoint"]]
    if tree.sip is not None:
        found += [peer.name for peer in tree.sip.peers.values()]
    return list(dict.fromkeys(found))


def _pjsip_phone(pjsip: Pjsip, endpoint: Object, domain: str) -> Phone:
    """User ID is the endpoint's name, Auth ID the user of its first auth."""
    user, at, own_domain = endpoint.name.partition("@")
    auth_id = user
    for name, _ in names(endpoint.get("auth")):
        auth = pjsip.find("auth", name)
        if auth is not None and auth.value("username"):
            auth_id = auth.value("username")
            break
    return Phone(user, auth_id, own_domain if at else domain, _transport(pjsip))


def _transport(pjsip: Pjsip) -> str:
    """UDP if anything listens there, else what does."""
    open_ = {item.value("protocol", "udp").lower() for item in pjsip.declared["transport"] if item.drop is None}
    return next((name for name in TRANSPORTS if name in open_), "udp")
