"""Who gets in before and after a fix: the rule that a fix may help the accounts it is about, and nobody else.

A fixed set of requests is played against both configurations: for every account its own telephone, the same with a
wrong password, without credentials and, where the account has address lists, from a foreign address; besides an
unknown account and a call from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cfglint.edits import texts_of
from cfglint.engine import Identity, Outcome, Request, identity
from cfglint.engine import fix as engine_fix
from cfglint.files import Files
from cfglint.findings import Finding
from cfglint.model.acl import AccessList
from cfglint.model.addresses import format_address
from cfglint.model.asterisk import Tree
from cfglint.simulate.answer import Answer, Status
from cfglint.simulate.client import play
from cfglint.simulate.phone import accounts, phone_for
from cfglint.simulate.request import Endpoint, Uri, World
from cfglint.simulate.request import Request as SipRequest
from cfglint.tracing import server_for
from cfglint.trees import asterisk_trees

MAX_ACCOUNTS = 400
"""So many accounts are probed; in larger trees those that a fix is about come first."""

FOREIGN = tuple(
    Endpoint(host, 5060) for host in ("198.51.100.77", "203.0.113.77", "192.0.2.177", "100.127.7.7", "9.9.9.9")
)
"""Where nobody who belongs here calls from; the first is taken that an account's lists do not name."""

CODECS = ("ulaw", "alaw", "g722", "opus", "g729", "gsm", "ilbc", "speex")
NEAR = Endpoint("192.0.2.77", 5060)


class Change(NamedTuple):
    """A request whose answer is another one afterwards."""

    who: str
    before: tuple[Status, ...]
    after: tuple[Status, ...]
    stranger: bool
    """Somebody who should not be let in."""

    @property
    def improved(self) -> bool:
        """Was it refused and is now accepted?"""
        return not _accepted(self.before) and _accepted(self.after)

    def __str__(self) -> str:
        before = " ".join(map(str, self.before)) or "no such account"
        return f"{self.who}: {before} -> {' '.join(map(str, self.after))}"


class Judged(NamedTuple):
    """Fixes that keep the rule, what they change for whom, and those that were refused."""

    outcome: Outcome
    changes: list[Change]
    refused: list[Finding]


def fix(
    request: Request, overlays: dict[str, str], *, unsafe: bool, left_alone: frozenset[Identity] = frozenset()
) -> Judged:
    """Apply fixes as `cfglint.engine.fix` does, but none after which somebody gets in who has no business to."""
    barred = set(left_alone)
    refused: list[Finding] = []
    while True:
        outcome = engine_fix(request, overlays, unsafe=unsafe, barred=frozenset(barred))
        after = {**overlays, **{path: text for path, (_, text) in outcome.texts.items()}}
        first = [word for finding in outcome.applied for word in _quoted(finding.message)]
        changes = compare(request, overlays, after, first) if outcome.texts else []
        if not any(change.stranger and change.improved for change in changes):
            return Judged(outcome, changes, refused)
        culprits = [finding for finding in outcome.applied if _lets_strangers_in(request, overlays, finding)]
        culprits = culprits or outcome.applied
        refused += culprits
        barred |= {identity(finding) for finding in culprits}


def _quoted(text: str) -> list[str]:
    """What stands between apostrophes: a message names its accounts so."""
    return text.split("'")[1::2]


def _lets_strangers_in(request: Request, overlays: dict[str, str], finding: Finding) -> bool:
    if finding.fix is None:
        return False
    changes = compare(request, overlays, {**overlays, **texts_of(finding.fix)}, _quoted(finding.message))
    return any(change.stranger and change.improved for change in changes)


class _Probe(NamedTuple):
    request: SipRequest
    who: str
    stranger: bool


def compare(request: Request, before: dict[str, str], after: dict[str, str], first: Iterable[str] = ()) -> list[Change]:
    """What changes for whom between two states of a tree's files (path to text); `first`: accounts to begin with."""
    old = _answers(request, before, first)
    new = _answers(request, after, first)
    changes = []
    for key, (answer, stranger) in new.items():
        known = old.get(key)
        statuses = known[0].statuses if known is not None else ()
        if statuses != answer.statuses:
            changes.append(Change(key[1], statuses, answer.statuses, stranger))
    return changes


def _accepted(statuses: tuple[Status, ...]) -> bool:
    return bool(statuses) and isinstance(statuses[-1], int) and 200 <= statuses[-1] < 300


def _answers(
    request: Request, texts: dict[str, str], first: Iterable[str]
) -> dict[tuple[str, str], tuple[Answer, bool]]:
    """Per tree and probe the answer, and whether it is a stranger's."""
    found = {}
    for tree in asterisk_trees(request.roots, Files(texts), request.targets, request.installed_at, []):
        for probe in _probes(tree, first):
            server = server_for(tree, World())  # a fresh one: what one registers must not count for the next
            if server is not None:
                found[tree.directory, probe.who] = (play([probe.request], server[0])[0], probe.stranger)
    return found


def _probes(tree: Tree, first: Iterable[str]) -> Iterator[_Probe]:
    known = accounts(tree)
    wanted = [name for name in first if name in set(known)]
    lists = _lists_by_owner(tree)
    for name in list(dict.fromkeys([*wanted, *known]))[:MAX_ACCOUNTS]:
        phone = phone_for(tree, name, "pbx.example")
        if phone is None:
            continue
        own = lists.get(name, [])
        right = phone.register(_source(own), None)
        yield _Probe(right, f"REGISTER {name}", False)
        yield _Probe(right._replace(password="\0wrong"), f"REGISTER {name} with a wrong password", True)  # noqa: S106
        yield _Probe(right._replace(password=None), f"REGISTER {name} without credentials", True)
        call = right._replace(method="INVITE", to=Uri("sip", "600", right.to.host, None), password=None)
        call = call._replace(request_uri=call.to, codecs=CODECS)
        yield _Probe(call, f"INVITE from {name} without credentials", True)
        if any(acl.rules for acl in own):
            yield _Probe(right._replace(source=_foreign(own)), f"REGISTER {name} from a foreign address", True)
    nobody, extension = Uri("sip", "nobody-7f3a", "pbx.example", None), Uri("sip", "600", "pbx.example", None)
    stranger = SipRequest("stranger", "REGISTER", nobody, nobody, nobody, password="\0wrong", source=FOREIGN[0])  # noqa: S106
    yield _Probe(stranger, "REGISTER of an unknown account", True)
    call = stranger._replace(method="INVITE", to=extension, request_uri=extension, password=None, codecs=CODECS)
    yield _Probe(call, "INVITE from outside", True)


def _lists_by_owner(tree: Tree) -> dict[str, list[AccessList]]:
    found: dict[str, list[AccessList]] = {}
    for acl in tree.access_lists:
        if acl.purpose == "source":
            found.setdefault(acl.name, []).append(acl)
    return found


def _foreign(lists: list[AccessList]) -> Endpoint:
    """An address that no permit of the lists names, other than one for everybody."""
    permits = [rule for acl in lists for rule in acl.rules if rule.allow and rule.mask]
    return next((e for e in FOREIGN if not any(rule.matches(*e.number) for rule in permits)), FOREIGN[0])


def _source(lists: list[AccessList]) -> Endpoint:
    """An address that the account's own lists mean to let in: the first host of its last permitted network."""
    for acl in lists:
        for rule in reversed(acl.rules):
            if rule.allow and rule.family == 4 and rule.mask:
                host = rule.network if rule.mask == 0xFFFFFFFF else rule.network + 1
                return Endpoint(format_address(4, host), 5060)
    return NEAR
