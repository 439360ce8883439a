"""Who gets in before and after a fix: the rule that a fix may help the accounts it is about, and nobody else.

A fixed set of requests is played against both configurations: for every account its own telephone, the same with a
wrong password, without credentials and, where addresses are listed, from a foreign one; for every trunk that is
recognised by its address a call from there; besides an unknown account and a call from outside. What either of the
configurations suggests is sent to both of them. `cfglint.simulate.kamailio.visitors` has those who come to a Kamailio.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cfglint import fixing
from cfglint.edits import texts_of
from cfglint.engine import Report, Request
from cfglint.findings import Finding
from cfglint.fixing import Identity, Job, Outcome, Unfixed, Wanted, blame, everything, identity, untouched
from cfglint.model.acl import AccessList
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Status
from cfglint.simulate.callers import (
    CALLER,
    CODECS,
    DOMAIN,
    EXTENSION,
    accounts,
    inside,
    is_recognised,
    lists_by_owner,
    trunks,
)
from cfglint.simulate.client import Server, play
from cfglint.simulate.phone import Phone, phone_for
from cfglint.simulate.request import WRONG, Endpoint, Uri, World
from cfglint.simulate.request import Request as SipRequest
from cfglint.tracing import servers_for
from cfglint.trees import Tree as AnyTree
from cfglint.trees import trees

MAX_ACCOUNTS = 400
"""So many accounts are probed; in larger trees those that a fix is about come first."""

FOREIGN = tuple(
    Endpoint(host, 5060) for host in ("198.51.100.77", "203.0.113.77", "192.0.2.177", "100.127.7.7", "9.9.9.9")
)
"""Where nobody who belongs here calls from; the first is taken that no list names."""

NOBODY = Uri("sip", "nobody-7f3a", DOMAIN, None)
LOCKED_OUT = (401, 403, 407, 500)
"""What a call is told that does not get as far as the dialplan."""


class Change(NamedTuple):
    """A request whose answer is another one afterwards."""

    who: str
    before: tuple[Status, ...]
    after: tuple[Status, ...]
    stranger: bool
    """Somebody who should not be let in."""
    improved: bool
    """Was it refused and is now let in?"""
    told: bool = True
    """Could it be followed to its end? Otherwise it may be anybody."""

    @property
    def harmful(self) -> bool:
        """Does somebody get in who should not?"""
        return self.stranger and self.improved

    @property
    def telling(self) -> bool:
        """Is somebody let in who belongs here, or refused who was let in?"""
        return (self.improved and not self.stranger) or self.worsened

    @property
    def worsened(self) -> bool:
        """Was it accepted and is now refused?"""
        return _accepted(self.before) and not _accepted(self.after)

    def __str__(self) -> str:
        before = " ".join(map(str, self.before)) or "no such server"
        return f"{self.who}: {before} -> {' '.join(map(str, self.after))}"


class Refusal(NamedTuple):
    """A fix that is not made, and the stranger whom it would let in, or the account that it would lock out."""

    finding: Finding
    change: Change

    def __str__(self) -> str:
        if not self.change.told:
            return "nobody can tell whom it would let in: there are too many ways through the script"
        if self.change.stranger:
            return f"it would let a stranger in ({self.change})"
        return f"it would lock somebody out ({self.change}), which only --unsafe does"


class Judged(NamedTuple):
    """Fixes that keep the rule, what they change for whom, and those that were refused."""

    outcome: Outcome
    changes: list[Change]
    refused: list[Refusal]

    @property
    def unfixed(self) -> list[Unfixed]:
        """Findings whose fix was not made, and why."""
        return [*(Unfixed(refusal.finding, str(refusal)) for refusal in self.refused), *self.outcome.withheld]


def fix(request: Request, overlays: Mapping[str, str], *, unsafe: bool, wanted: Wanted = everything) -> Judged:
    """Apply fixes as `cfglint.fixing.fix` does, but none after which somebody gets in who has no business to, and
    without `unsafe` none that locks an account out."""
    job, refused = Job(request, overlays, unsafe, wanted), dict[Identity, Refusal]()
    since = untouched(job)
    while True:
        outcome, changes, more = _admissible(job, since)
        refused |= {identity(refusal.finding): refusal for refusal in more}
        if not more or len(outcome.applied) == len(since.applied):
            made = {identity(finding) for finding in outcome.applied}
            return Judged(outcome, changes, [r for key, r in refused.items() if key not in made])
        since = outcome  # what was refused may do no harm where the others have been made


def _admissible(job: Job, since: Outcome) -> tuple[Outcome, list[Change], list[Refusal]]:
    """Apply the fixes that keep the rule, and tell what they change and which do not."""
    refused: list[Refusal] = []
    barred: frozenset[Identity] = frozenset()
    while True:
        outcome = fixing.fix(job, barred, since)
        changes = changes_of(outcome)
        harm = _harm(changes, job.unsafe)
        if harm is None:
            return outcome, changes, refused

        def is_bad(others: frozenset[Identity], left: frozenset[Identity] = barred) -> bool:
            return _harm(changes_of(fixing.fix(job, left | others, since)), job.unsafe) is not None

        culprits = blame(outcome, since, is_bad)
        refused += [Refusal(f, harm) for f in outcome.applied if identity(f) in culprits]
        barred |= culprits


def effect(request: Request, report: Report, texts: Mapping[str, str], finding: Finding) -> list[Change]:
    """What one fix alone changes for whom, in the state that a report with these changed texts is about."""
    assert finding.fix is not None
    files = request.files({**texts, **texts_of(finding.fix)})
    after = trees(request.roots, files, request.targets, request.installed_at, [], request.database)
    return compare(report.trees, after, _quoted(finding.message))


def changes_of(outcome: Outcome) -> list[Change]:
    """What fixes change for whom."""
    first = [word for finding in outcome.applied for word in _quoted(finding.message)]
    return compare(outcome.before.trees, outcome.after.trees, first) if outcome.texts else []


def _harm(changes: Iterable[Change], unsafe: bool) -> Change | None:
    for change in changes:
        if change.harmful or (change.worsened and not change.stranger and not unsafe):
            return change
    return None


def _quoted(text: str) -> list[str]:
    """What stands between apostrophes: a message names its accounts so."""
    return text.split("'")[1::2]


def compare(before: Iterable[AnyTree], after: Iterable[AnyTree], first: Iterable[str] = ()) -> list[Change]:
    """What changes for whom between two states of the same trees; `first`: accounts to begin with."""
    old = {tree.directory: tree for tree in before if isinstance(tree, Tree)}
    changes: list[Change] = []
    scripts = {next(iter(tree.roots)): tree for tree in before if isinstance(tree, KamailioTree)}
    for tree in after:
        if isinstance(tree, Tree):
            changes += _changes(old.get(tree.directory), tree, dict.fromkeys(first))
        elif isinstance(tree, KamailioTree):
            changes += _script_changes(scripts.get(next(iter(tree.roots))), tree)
    return changes


def _script_changes(before: KamailioTree | None, after: KamailioTree) -> Iterator[Change]:
    """The same for a routing script, in the newest and the oldest version in question."""
    from cfglint.simulate.kamailio.visitors import Untold, differences

    if before is not None and before.kamailio.whole and after.kamailio.whole:
        found: dict[str, Change] = {}
        try:
            for visitor, (was_in, then), (is_in, now) in differences(before.kamailio, after.kamailio):
                change = Change(visitor.who, then, now, visitor.stranger, is_in and not was_in)
                known = found.setdefault(visitor.who, change)
                if change.improved and not known.improved:
                    found[visitor.who] = change
        except Untold:
            found = {"": Change("anybody", (), (), stranger=True, improved=True, told=False)}
        yield from found.values()


def _changes(before: Tree | None, after: Tree, first: Iterable[str]) -> Iterator[Change]:
    """The first change for each of those who send the probes, the best one if there are several."""
    old, new = (_servers(tree) for tree in (before, after))
    found: dict[str, Change] = {}
    for kind, server in new.items():
        for probe in probes(before, after, kind[0], first):
            then = _statuses(probe.request, old[kind]) if kind in old else ()
            now = _statuses(probe.request, server)
            if then != now:
                # A stranger's call is let in as soon as it reaches the dialplan.
                let_in = _heard if probe.stranger and probe.request.method == "INVITE" else _accepted
                change = Change(probe.who, then, now, probe.stranger, not let_in(then) and let_in(now))
                known = found.setdefault(probe.who, change)
                if change.improved and not known.improved:
                    found[probe.who] = change
    yield from found.values()


def _servers(tree: Tree | None) -> dict[tuple[str, str], Server]:
    """The servers that a tree makes, by channel driver and version."""
    return {} if tree is None else {(kind, version): s for kind, version, s in servers_for(tree, World())}


def _statuses(request: SipRequest, server: Server) -> tuple[Status, ...]:
    server.forget()  # what one registers must not count for the next
    return play([request], server)[0].statuses


def _accepted(statuses: tuple[Status, ...]) -> bool:
    return bool(statuses) and isinstance(statuses[-1], int) and 200 <= statuses[-1] < 300


def _heard(statuses: tuple[Status, ...]) -> bool:
    return bool(statuses) and isinstance(statuses[-1], int) and statuses[-1] not in LOCKED_OUT


class Probe(NamedTuple):
    """A request that shows who gets in."""

    who: str
    request: SipRequest
    stranger: bool

    def __hash__(self) -> int:
        return hash((self.who, self.request.source, self.request.auth_user, self.request.password))


def probes(
    before: Tree | None, after: Tree, kind: str, first: Iterable[str] = (), limit: int | None = MAX_ACCOUNTS
) -> list[Probe]:
    """What is sent to a server of a kind (``sip``, ``pjsip``) in either state, `first` to the accounts of these
    names; to so many accounts at most."""
    states = [after] if before is None else [after, before]
    found: dict[Probe, None] = {}
    for state in states:
        found |= dict.fromkeys(_probes(state, kind, first, states, limit))
    return list(found)


def _probes(tree: Tree, kind: str, first: Iterable[str], states: Sequence[Tree], limit: int | None) -> Iterator[Probe]:
    """What is sent to a server of a kind because of one of its states."""
    known = dict.fromkeys(accounts(tree, kind))
    lists = lists_by_owner(tree)
    everywhere = lists.get(None, []) if kind == "pjsip" else []
    near = inside(everywhere)
    for name in list(dict.fromkeys([*(n for n in first if n in known), *known]))[:limit]:
        phone = phone_for(tree, name, DOMAIN)
        if phone is not None:
            for probe in _account(name, phone, [*lists.get(name, []), *everywhere]):
                # A call from where an account is known by its address is the account's own, password or not.
                own = probe.request.method == "INVITE" and any(
                    is_recognised(state, kind, name, probe.request.source) for state in states
                )
                if not own:
                    yield probe
    for name, address in trunks(tree, kind):
        call = SipRequest("trunk", "INVITE", CALLER, EXTENSION, EXTENSION, source=address, codecs=CODECS)
        yield Probe(f"INVITE from {name} at {address.host}", call, False)
    for source in dict.fromkeys((_foreign(everywhere), near)):
        stranger = SipRequest("stranger", "REGISTER", NOBODY, NOBODY, NOBODY, password=WRONG, source=source)
        yield Probe("REGISTER of an unknown account", stranger, True)
    call = SipRequest("stranger", "INVITE", NOBODY, EXTENSION, EXTENSION, source=_foreign(everywhere), codecs=CODECS)
    yield Probe("INVITE from outside", call, True)


def _account(name: str, phone: Phone, lists: list[AccessList]) -> Iterator[Probe]:
    right = phone.register(inside(lists), None)
    yield Probe(f"REGISTER {name}", right, False)
    yield Probe(f"REGISTER {name} with a wrong password", right._replace(password=WRONG), True)
    yield Probe(f"REGISTER {name} without credentials", right._replace(password=None), True)
    call = right._replace(method="INVITE", to=EXTENSION, request_uri=EXTENSION, password=None, codecs=CODECS)
    yield Probe(f"INVITE from {name} without credentials", call, True)
    if any(acl.rules for acl in lists):
        yield Probe(f"REGISTER {name} from a foreign address", right._replace(source=_foreign(lists)), True)


def _foreign(lists: Sequence[AccessList]) -> Endpoint:
    """An address that no permit of the lists names, other than one for everybody."""
    permits = [rule for acl in lists for rule in acl.rules if rule.allow and rule.mask]
    return next((e for e in FOREIGN if not any(rule.matches(*e.number) for rule in permits)), FOREIGN[0])
