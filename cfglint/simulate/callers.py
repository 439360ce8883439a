"""Who calls a server: the accounts' telephones and the trunks of a tree, and where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cfglint.model.acl import AccessList
from cfglint.model.addresses import format_address, parse_address
from cfglint.model.asterisk import Tree
from cfglint.model.identify import taken_by
from cfglint.resolve.asterisk import folded
from cfglint.simulate.request import Endpoint, Uri

NEAR = Endpoint("192.0.2.77", 5060)
"""Where telephones are, as long as no list says otherwise."""

CODECS = ("ulaw", "alaw", "g722", "opus", "g729", "gsm", "ilbc", "speex")
DOMAIN = "pbx.example"
EXTENSION = Uri("sip", "600", DOMAIN, None)
CALLER = Uri("sip", "4930555", DOMAIN, None)

MAX_TRUNKS = 400
"""So many trunks are looked at."""


def accounts(tree: Tree, kind: str) -> Iterator[str]:
    """The names of the accounts of a channel driver, ``sip`` or ``pjsip``."""
    if kind == "pjsip" and tree.pjsip is not None:
        yield from (item.name for item in tree.pjsip.declared["endpoint"])
    elif kind == "sip" and tree.sip is not None:
        yield from (peer.name for peer in tree.sip.peers.values())


def trunks(tree: Tree, kind: str) -> Iterator[tuple[str, Endpoint]]:
    """Who is recognised by an address, and the address."""
    found: list[tuple[str, int, int]] = []
    if kind == "pjsip" and tree.pjsip is not None:
        for identify, matches in tree.pjsip.identify_entries[:MAX_TRUNKS]:
            found += [
                (identify.value("endpoint"), match.family, match.network + (match.network != match.last))
                for match in matches[:1]
                if not match.name and not match.excluded
            ]
    elif kind == "sip" and tree.sip is not None:
        for peer in [peer for peer in tree.sip.peers.values() if peer.fixed_host][:MAX_TRUNKS]:
            parsed = parse_address(peer.fixed_host)
            found += [] if isinstance(parsed, str) else [(peer.name, *parsed)]
    for name, family, address in found:
        yield name, Endpoint(format_address(family, address), 5060)


def is_recognised(tree: Tree, kind: str, name: str, at: Endpoint) -> bool:
    """Is an account known by its address there?"""
    if kind == "pjsip" and tree.pjsip is not None:
        return any(
            identify.value("endpoint") == name and taken_by(entries, *at.number, at.port) is not None
            for identify, entries in tree.pjsip.identify_entries
        )
    peer = tree.sip.peers.get(folded(name)) if kind == "sip" and tree.sip is not None else None
    return peer is not None and peer.fixed_host == at.host


def lists_by_owner(tree: Tree) -> dict[str | None, list[AccessList]]:
    """The lists that judge where packets come from, by account; None: those that judge every packet."""
    found: dict[str | None, list[AccessList]] = {}
    for acl in tree.access_lists:
        if acl.purpose == "source" and acl.kind != "named acl":
            owner = None if acl.kind == "acl object" else acl.name
            named = [tree.acls.lists[r.name] for r in acl.references if r.name in tree.acls.lists]
            found.setdefault(owner, []).extend([acl, *named])
    return found


def inside(lists: Sequence[AccessList]) -> Endpoint:
    """An address that lists mean to let in: the first host of the last permitted network."""
    for acl in lists:
        for rule in reversed(acl.rules):
            if rule.allow and rule.family == 4 and rule.mask:
                host = rule.network if rule.mask == 0xFFFFFFFF else rule.network + 1
                return Endpoint(format_address(4, host), 5060)
    return NEAR
