"""What another version of the server makes of the same configuration: whose answers change and why, and which findings
come and go."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import zip_longest

from cfglint.admission import probes
from cfglint.comparison import beyond
from cfglint.engine import Report, Request, check
from cfglint.errors import NoInput, UsageProblem
from cfglint.files import Files
from cfglint.findings import Failure, Finding
from cfglint.knowledge.versions import Targets
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.model.pjsip.objects import names
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import TIMEOUT, Answer, Status, Step
from cfglint.simulate.callers import DOMAIN, NEAR, accounts
from cfglint.simulate.client import Server, play
from cfglint.simulate.phone import Phone, phone_for
from cfglint.simulate.request import DIGESTED, KNOWN, World
from cfglint.simulate.request import Request as SipRequest
from cfglint.tracing import KAMAILIO_ALGORITHMS, concealed, servers_for
from cfglint.trees import Tree as AnyTree

METHODS = ("INVITE", "OPTIONS", "MESSAGE", "SUBSCRIBE")
"""What is sent through a routing script beside REGISTER."""

TYPED = "\0typed"
"""The password of a telephone whose account has none."""

NO_CHAN_SIP = Step("nothing reads sip.conf any more: chan_sip is gone from Asterisk 21 on")


class Change(NamedTuple):
    """A request that another version answers otherwise."""

    who: str
    before: tuple[Status, ...]
    after: tuple[Status, ...]
    was: Step | None
    """Where the ways part: what the old version does there, and the new one."""
    becomes: Step | None
    stranger: bool
    certain: bool
    """Does the configuration alone decide both answers?"""


class Upgrade(NamedTuple):
    """All that changes from one version to another."""

    before: Targets
    after: Targets
    changes: list[Change]
    appearing: list[Finding]
    disappearing: list[Finding]
    failures: list[Failure]
    compared: int
    """So many requests were played on both sides."""


def upgrade(request: Request, files: Files, before: Targets, after: Targets) -> Upgrade:
    """Compare two versions of the products that both name. Raises `UsageProblem` or `NoInput`."""
    products = [product for product, version in before._asdict().items() if version]
    if products != [product for product, version in after._asdict().items() if version]:
        raise UsageProblem("--from and --to have to name the same products")
    if not products:
        raise UsageProblem("say from which version to which: --from asterisk=18 --to asterisk=22")
    roots = [root for root in request.roots if root.language in products]
    if not roots:
        raise NoInput(f"there is no configuration of {' or '.join(products)} here")
    old, new = (check(request._replace(roots=roots, targets=targets), files) for targets in (before, after))
    pairs = list(_pairs(old, new))
    changes = list(dict.fromkeys(change for pair in pairs if (change := _change(pair)) is not None))
    return Upgrade(
        before,
        after,
        changes,
        beyond(old.findings, new.findings),
        beyond(new.findings, old.findings),
        list(dict.fromkeys((*old.failures, *new.failures))),
        len(pairs),
    )


class Probe(NamedTuple):
    """A request, and who sends it."""

    who: str
    request: SipRequest
    stranger: bool
    account: str = ""
    """Whose telephone sends it, where that is known."""

    def __hash__(self) -> int:
        request = self.request
        return hash((self.who, request.method, request.source, request.destination, request.from_, request.to))


class Pair(NamedTuple):
    """A request with the answers of both versions. `reason` is why, where the steps do not tell."""

    probe: Probe
    before: Answer
    after: Answer | None
    """None: there is no server any more."""
    reason: Step | None = None


def _pairs(old: Report, new: Report) -> Iterator[Pair]:
    """Each request with both answers."""
    later = {_name(tree): tree for tree in new.trees}
    for tree in old.trees:
        other = later.get(_name(tree))
        if isinstance(tree, Tree):
            yield from _asterisk_pairs(tree, other if isinstance(other, Tree) else None)
        elif isinstance(tree, KamailioTree) and isinstance(other, KamailioTree):
            yield from _kamailio_pairs(tree, other)


def _name(tree: AnyTree) -> tuple[str, str]:
    return tree.language, tree.directory if isinstance(tree, Tree) else next(iter(tree.roots))


def _asterisk_pairs(tree: Tree, other: Tree | None) -> Iterator[Pair]:
    later = _servers(other)
    for kind, server in _servers(tree).items():
        known = dict.fromkeys(accounts(tree, kind))
        found = [
            Probe(probe.who, probe.request, probe.stranger, _owner(probe.request, known))
            for probe in probes(tree, other or tree, kind, limit=None)
        ]
        for probe in (_with_password(probe, tree) for probe in (*found, *_other_phones(tree, kind))):
            # Where chan_sip is gone, whoever listens in its place hears its telephones.
            successor = later.get(kind) or later.get("pjsip")
            after = _answer(probe, successor) if successor is not None else None
            yield Pair(probe, _answer(probe, server), after, None if kind in later else NO_CHAN_SIP)


def _servers(tree: Tree | None) -> dict[str, Server]:
    return {} if tree is None else {kind: server for kind, _, server in servers_for(tree, World())}


def _owner(request: SipRequest, known: Container[str]) -> str:
    """The account whose telephone sends a request."""
    user = request.from_.user
    return user if user in known else f"{user}@{request.from_.host}"


def _with_password(probe: Probe, tree: Tree) -> Probe:
    """A telephone keeps its password: what both versions take is what stands in the configuration, whichever of its
    forms they look at."""
    endpoint = tree.pjsip.find("endpoint", probe.account) if tree.pjsip is not None else None
    if endpoint is None or tree.pjsip is None or probe.request.password != KNOWN:
        return probe
    auths = (tree.pjsip.find("auth", name) for name, _ in names(endpoint.get("auth")))
    auth = next((auth for auth in auths if auth is not None), None)
    if auth is None:
        return probe
    stored = auth.get("md5_cred") or auth.get("password_digest")
    password = auth.value("password") or (DIGESTED if stored is not None else TYPED)
    return probe._replace(request=probe.request._replace(password=password))


def _other_phones(tree: Tree, kind: str) -> Iterator[Probe]:
    """Telephones that call themselves what their account's auth or AOR is called, where that is another name: what the
    registrar looks at first has changed."""
    if kind != "pjsip" or tree.pjsip is None:
        return
    for name in accounts(tree, kind):
        phone, endpoint = phone_for(tree, name, DOMAIN), tree.pjsip.find("endpoint", name)
        if phone is None or endpoint is None:
            continue
        aors = (aor.partition("@")[0] for aor, _ in names(endpoint.get("aors")))
        for user in dict.fromkeys((phone.auth_id, *aors)):
            if user != phone.user_id:
                register = phone._replace(user_id=user).register(NEAR, None)
                yield Probe(f"REGISTER {name}, from a phone that calls itself {user}", register, False, name)


def _kamailio_pairs(tree: KamailioTree, other: KamailioTree) -> Iterator[Pair]:
    from cfglint.simulate.kamailio.listings import peers
    from cfglint.simulate.kamailio.server import KamailioServer
    from cfglint.simulate.kamailio.visitors import visitors

    sides = ((tree, tree.targets.kamailio), (other, other.targets.kamailio))
    server, later = (KamailioServer(side.kamailio, version, World()) for side, version in sides if version)
    listed = list(dict.fromkeys((*peers(server), *peers(later))))
    found = dict.fromkeys(Probe(*visitor) for visitor in visitors(server, listed))
    for probe in list(found):
        if not probe.stranger and probe.request.method == "REGISTER":
            found |= dict.fromkeys(_further(probe))
    for probe in found:
        before, after = (_answer(probe, side, KAMAILIO_ALGORITHMS) for side in (server, later))
        yield Pair(probe, before, after)


def _further(probe: Probe) -> Iterator[Probe]:
    """What else an account sends: to itself, and to a number."""
    register = probe.request
    phone = Phone(register.from_.user, register.auth_user or "", register.from_.host, register.transport)
    for method in METHODS:
        for callee in (register.to, register.to._replace(user="600")):
            request = register._replace(method=method, to=callee, request_uri=callee, expires=None)
            yield Probe(f"{method} from {phone.user_id} to {callee.user}", request, False)


def _answer(probe: Probe, server: Server, algorithms: tuple[str, ...] = ("MD5",)) -> Answer:
    server.forget()  # what one registers must not count for the next
    return play([probe.request], server, algorithms)[0]


def _change(pair: Pair) -> Change | None:
    probe, before, after = pair.probe, pair.before, pair.after
    then, now = before.statuses, (TIMEOUT,) if after is None else after.statuses
    if then == now:
        return None
    before, after = concealed(before), concealed(after) if after is not None else None
    was, becomes = (None, pair.reason) if pair.reason else _parting(before.steps, after.steps if after else ())
    return Change(
        probe.who, then, now, was, becomes, probe.stranger, before.certain and (after is None or after.certain)
    )


def _parting(before: Iterable[Step], after: Iterable[Step]) -> tuple[Step | None, Step | None]:
    """The first steps that differ."""
    for was, becomes in zip_longest(before, after):
        if was is None or becomes is None or was.text != becomes.text:
            return was, becomes
    return None, None
