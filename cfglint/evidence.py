"""The simulated request that shows what a finding says: reports draw it.

A finding that names the answers a client gets is about some account. What that account's client sends is played; the
request that gets just those answers, for the finding's reason, is the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Answer, Status
from cfglint.simulate.callers import CALLER, CODECS, DOMAIN, NEAR, accounts, inside, lists_by_owner, trunks
from cfglint.simulate.client import Server, play
from cfglint.simulate.phone import Phone, phone_for
from cfglint.simulate.request import METHODS, TRANSPORTS, Endpoint, Request, Uri, World
from cfglint.source import Source
from cfglint.symptoms import every
from cfglint.tracing import KAMAILIO_ALGORITHMS, concealed, kamailio_for, servers_for

MAX_EVIDENCE = 2000
"""For so many findings a request is shown."""
MAX_PLAYED = 4000
"""For so many clients and methods requests are played."""

WHOEVER = "a phone"
"""Whose name no configuration holds."""


_NAME = re.compile(r"'([^']+)'|\[([^\]]+)\]")
"""How messages name a section."""


class Evidence(NamedTuple):
    """A request of somebody, and what the server answers."""

    who: str
    request: Request
    answer: Answer
    server: str
    """Its name and version."""


def evidence(report: Report) -> list[Evidence | None]:
    """One for each finding, in order, or None where none was found."""
    stages = [stage for tree in report.trees for stage in _stages(tree)]
    left = MAX_EVIDENCE
    found: list[Evidence | None] = []
    for finding in report.findings:
        shown = next((e for stage in stages if (e := stage.show(finding)) is not None), None) if left else None
        left -= shown is not None
        found.append(shown)
    return found


class _Stage:
    """One simulated server, what its clients send (`sent`: who, method), and the answers to what was played.

    `clients` are the names by which findings speak of them; without any, everybody is `WHOEVER`.
    """

    def __init__(
        self,
        name: str,
        server: Server,
        sources: Iterable[Source],
        clients: frozenset[str],
        sent: Callable[[str, str], Iterator[Request]],
        algorithms: tuple[str, ...] = ("MD5",),
    ) -> None:
        self._name = name
        self._server = server
        self._sources = frozenset(sources)
        self._clients = clients
        self._sent = sent
        self._algorithms = algorithms
        self._played: dict[tuple[str, str], list[Evidence]] = {}

    def show(self, finding: Finding) -> Evidence | None:
        """The request that gets what the finding says, or what its check says clients see, for its reason."""
        if finding.place.source not in self._sources:
            return None
        for who in self._named(finding):
            for method, statuses in _expected(finding):
                for shown in self._evidence(who, method):
                    if shown.answer.statuses == statuses and _explains(finding, shown.answer):
                        return shown
        return None

    def _named(self, finding: Finding) -> list[str]:
        if not self._clients:
            return [WHOEVER]
        texts = (finding.message, *(note.text for note in finding.notes))
        words = dict.fromkeys(match[1] or match[2] for text in texts for match in _NAME.finditer(text))
        return [word for word in words if word in self._clients]

    def _evidence(self, who: str, method: str) -> list[Evidence]:
        if (who, method) not in self._played and len(self._played) < MAX_PLAYED:
            self._played[who, method] = [
                Evidence(who, request, concealed(play([request], self._server, self._algorithms)[0]), self._name)
                for request in self._sent(who, method)
            ]
        return self._played.get((who, method), [])


def _stages(tree: object) -> Iterator[_Stage]:
    """The servers that a tree makes up."""
    if isinstance(tree, KamailioTree):
        yield _kamailio(tree)
    elif isinstance(tree, Tree):
        sources = [source for config in tree.configs for source in config.files]
        for kind, version, server in servers_for(tree, World()):
            name = "chan_sip" if kind == "sip" else f"chan_pjsip, Asterisk {version}"
            clients = _AsteriskClients(tree, kind)
            yield _Stage(name, server, sources, clients.names, clients.sent)


class _AsteriskClients:
    """The telephones and trunks of a channel driver."""

    def __init__(self, tree: Tree, kind: str) -> None:
        skipped = tree.sip.skipped if tree.sip is not None and kind == "sip" else []
        self.names = frozenset((*accounts(tree, kind), *(section.name for section in skipped)))
        self._tree = tree
        self._lists = lists_by_owner(tree)
        self._silent = frozenset(_silent(tree, kind))
        self._trunks: dict[str, list[Endpoint]] = {}
        for name, address in trunks(tree, kind):
            self._trunks.setdefault(name, []).append(address)
        self._domain = min(tree.sip.domains, default=DOMAIN) if tree.sip is not None and kind == "sip" else DOMAIN

    def sent(self, who: str, method: str) -> Iterator[Request]:
        """A telephone's request over its own transport and the others; a trunk's call from its addresses."""
        phone = phone_for(self._tree, who, self._domain)
        if phone is None:
            return
        here = inside([*self._lists.get(who, []), *self._lists.get(None, [])])
        for transport in dict.fromkeys((phone.transport, *TRANSPORTS)) if who not in self._silent else ():
            yield _request(phone._replace(transport=transport), here, method)
        for address in self._trunks.get(who, []):
            call = _request(phone, address, method)
            yield call._replace(from_=CALLER, auth_user=None, password=None)
            yield call


def _silent(tree: Tree, kind: str) -> Iterator[str]:
    """Accounts at which no telephone logs in."""
    if kind == "pjsip" and tree.pjsip is not None:
        yield from (item.name for item in tree.pjsip.declared["endpoint"] if tree.pjsip.is_trunk(item))
    elif kind == "sip" and tree.sip is not None:
        yield from (peer.name for peer in tree.sip.peers.values() if peer.fixed_host)


def _kamailio(tree: KamailioTree) -> _Stage:
    """A Kamailio; its clients are not in its configuration, and the names that it serves may be in a database."""
    from cfglint.simulate.kamailio.sockets import Sockets

    server, name = kamailio_for(tree, World())
    hosts = [name.host for name in Sockets(tree.kamailio.config.file, {}).names]

    def sent(who: str, method: str) -> Iterator[Request]:
        for host in dict.fromkeys((*hosts[:1], DOMAIN)):
            for transport in ("udp", "tcp"):
                yield _request(Phone("alice", "alice", host, transport), NEAR, method)

    sources = [source for config in tree.configs for source in config.files]
    return _Stage(name, server, sources, frozenset(), sent, KAMAILIO_ALGORITHMS)


def _request(phone: Phone, source: Endpoint, method: str) -> Request:
    register = phone.register(source, None)
    if method == "REGISTER":
        return register
    number = Uri("sip", "600", phone.domain, None)
    return register._replace(
        id=f"{method} {phone.user_id}", method=method, to=number, request_uri=number, codecs=CODECS
    )


ANY = ("REGISTER", "INVITE")
"""What stands for any request."""

Outcome = tuple[str, tuple[Status, ...]]
"""A method and the final answers."""


def _expected(finding: Finding) -> list[Outcome]:
    """What the finding says that a client gets; else what its check says that clients see."""
    if not finding.answers:
        return _documented().get(finding.check, [])
    methods = ANY if finding.request in (None, "any request") else (finding.request,)
    return [(method, finding.answers) for method in methods if method in METHODS]


@cache
def _documented() -> dict[str, list[Outcome]]:
    """Check to what its clients see."""
    return {
        check.registered.id: [
            (symptom.request, symptom.statuses)
            for symptom in check.documentation.client_sees
            if symptom.request in METHODS
        ]
        for check in every()
    }


def _explains(finding: Finding, answer: Answer) -> bool:
    """Is the answer the finding's doing?

    The server names the check, or decides by one of the finding's lines, or by no line at all because what the finding
    is about does not exist. Where it names another check, only the finding's own line counts.
    """
    if answer.check == finding.check:
        return True
    decisive = answer.decided_by
    if decisive is None:
        return answer.check is None
    places = [finding.place] + [note.place for note in finding.notes if answer.check is None]
    return any((place.source, place.start.line) == (decisive.source, decisive.start.line) for place in places)
