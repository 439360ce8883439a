"""The simulated request that shows what a finding says: reports draw it.

A finding that names the answers a client gets is about some account. That account's own requests are played; the one
that gets just those answers, by a way that leads over the finding's lines, is the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cfglint.engine import Report
from cfglint.findings import Finding
from cfglint.model.asterisk import Tree
from cfglint.model.identify import matches
from cfglint.simulate.answer import Answer
from cfglint.simulate.client import Server, play
from cfglint.simulate.phone import accounts, home, lists_by_owner, phone_for
from cfglint.simulate.request import METHODS, TRANSPORTS, Endpoint, Request, Uri, World
from cfglint.source import Place
from cfglint.tracing import server_for

MAX_EVIDENCE = 2000
"""For so many findings a request is looked for."""
MAX_TRIED = 40
"""So many requests are played for one account and method."""

DOMAIN = "pbx.example"
CODECS = ("ulaw", "alaw", "g722", "opus")


class Evidence(NamedTuple):
    """A request of somebody, and what the server answers."""

    who: str
    request: Request
    answer: Answer
    target: str
    """The server's name and version."""


def evidence(report: Report) -> list[Evidence | None]:
    """One for each finding, in order, or None where none was found."""
    found: dict[int, Evidence] = {}
    for tree in report.trees:
        if isinstance(tree, Tree):
            stage = _Stage.of(tree)
            if stage is not None:
                paths = {source.path for config in tree.configs for source in config.files}
                for index, finding in enumerate(report.findings):
                    if len(found) < MAX_EVIDENCE and index not in found and finding.place.source.path in paths:
                        shown = stage.show(finding)
                        if shown is not None:
                            found[index] = shown
    return [found.get(index) for index in range(len(report.findings))]


class _Stage:
    """One simulated server, and the requests that were played to it."""

    def __init__(self, tree: Tree, server: Server, target: str) -> None:
        self.tree = tree
        self.server = server
        self.target = target
        self.accounts = frozenset(accounts(tree))
        self.lists = lists_by_owner(tree)
        self._played: dict[tuple[str, str], list[Evidence]] = {}

    @classmethod
    def of(cls, tree: Tree) -> _Stage | None:
        """None where the tree makes no server."""
        found = server_for(tree, World())
        return cls(tree, *found) if found is not None else None

    def show(self, finding: Finding) -> Evidence | None:
        """The request that gets what the finding says, over the finding's lines."""
        method = "REGISTER" if finding.request == "any request" else finding.request
        if method not in METHODS or not finding.answers:
            return None
        about = (finding.message, *(note.text for note in finding.notes))
        named = dict.fromkeys(word for text in about for word in text.split("'")[1::2] if word in self.accounts)
        places = (finding.place, *(note.place for note in finding.notes))
        for account in named:
            for shown in self._requests(account, method):
                if shown.answer.statuses == finding.answers and _leads_over(shown.answer, finding.check, places):
                    return shown
        return None

    def _requests(self, account: str, method: str) -> list[Evidence]:
        if (account, method) not in self._played:
            self._played[account, method] = [
                Evidence(account, request, play([request], self.server)[0], self.target)
                for _, request in zip(range(MAX_TRIED), self._sent(account, method), strict=False)
            ]
        return self._played[account, method]

    def _sent(self, account: str, method: str) -> Iterator[Request]:
        """What the account's telephone sends, over each transport; and for a trunk, calls from its addresses."""
        domain = min(self.tree.sip.domains, default=DOMAIN) if self.tree.sip is not None else DOMAIN
        phone = phone_for(self.tree, account, domain)
        if phone is None:
            return
        here = home(self.lists.get(account, []))
        for transport in dict.fromkeys((phone.transport, *TRANSPORTS)):
            register = phone._replace(transport=transport).register(here, None)
            if method == "REGISTER":
                yield register
                continue
            number = Uri("sip", "600", phone.domain, None)
            call = register._replace(method=method, to=number, request_uri=number, codecs=CODECS)
            for address in self._addresses(account):
                caller = Uri("sip", "4930123456", "carrier.example", None)
                yield call._replace(from_=caller, auth_user=None, password=None, source=address)
            yield call

    def _addresses(self, account: str) -> Iterator[Endpoint]:
        """Where a trunk calls from, as far as it is written as an address."""
        if self.tree.pjsip is not None:
            for identify in self.tree.pjsip.objects["identify"].values():
                if identify.value("endpoint") == account:
                    yield from (e for match in matches(identify) if (e := match.first) is not None)


def _leads_over(answer: Answer, check: str, places: Iterable[Place]) -> bool:
    """Does the server name the check, or follow one of the finding's lines, or decide by no line at all because what
    the finding is about does not exist?"""
    if answer.check == check or (answer.check is None and answer.decided_by is None):
        return True
    lines = {(place.source, place.start.line) for place in places}
    passed = (step.place for step in answer.steps if step.place is not None)
    return any((place.source, place.start.line) in lines for place in passed)
