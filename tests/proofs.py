"""Cases that prove a fix: a configuration with the defect, what cfglint makes of it, and the requests that show the
difference. ``fixtures/proofs/`` holds them, one file for each check that has a fix:

* ``example``: the number of the check's own example whose bad configuration is taken; or ``files``: name to text;
* ``more``: files that stand beside it;
* ``requests``, ``peers``, ``hosts``: as in a requests file; ``to`` may be missing where it is as ``from``, and
  ``legit: false`` marks whoever must not be let in. What strangers try besides is that which every fix is judged by;
* ``listen: true``: the server itself asks its peers for something; a number: only after so many seconds;
* ``target: true``: the fix needs to be told the server's version; ``servers``: the only versions that it applies to;
* ``unproven``: in place of all this, why no request shows what the fix is for.

What the real servers answered is in `tests.proof_records`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from cfglint import admission, registry
from cfglint.cli import cli
from cfglint.demonstration import files as files_of
from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.simulate.answer import Status
from cfglint.simulate.client import play
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.kamailio.visitors import visitors_of
from cfglint.simulate.request import KNOWN, WRONG, Peer, Request, World, read_requests
from cfglint.tracing import KAMAILIO_ALGORITHMS, kamailio_for, servers_for
from cfglint.yamlfile import read_yaml
from tests.probes import trees
from tests.support import write_tree

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "proofs"
GUESS = "wrong-7f3a"
"""What a real server gets for a password that nobody has."""

KAMAILIO = "kamailio"
ACCOUNTS = {
    "dbtext/subscriber": "id(int,auto) username(string) domain(string) password(string) ha1(string)\n"
    "1:alice:pbx.example.com:wonderland:2add14f74b871eba24250e12acb25e6a\n"
    "2:bob:pbx.example.com:builder:9db1787f0ca14914e53b6a12a13c3966\n",
    "dbtext/version": "table_name(string) table_version(int)\nsubscriber:7\naddress:6\ntrusted:6\nuri:1\n",
}
"""The accounts of a Kamailio, in text tables below /etc/kamailio."""

Answers = dict[str, tuple[Status, ...]]
"""Who asks for what to the final statuses."""

TRANSPORT = "\n[every-address]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
"""What an example leaves out that is not about transports."""


class Case(NamedTuple):
    """A configuration with a defect, and who asks its server for what."""

    check: str
    files: Mapping[str, str]
    requests: tuple[Request, ...] = ()
    world: World = World()
    listen: float = 0
    """Seconds that a server may take to ask its peers; True for the usual ones."""
    target: bool = False
    servers: tuple[str, ...] = ()
    unproven: str = ""

    @property
    def legitimate(self) -> frozenset[str]:
        """Who has to be accepted; what the server asks its peers for, too."""
        asked = {f"{method} at {peer.at}" for peer in self.world.peers for method in peer.answers}
        return frozenset(asked | self.later | {request.id for request in self.requests if request.legit})

    @property
    def later(self) -> frozenset[str]:
        """What follows in the dialogs of requests, as answers name it."""
        return frozenset(f"{method} in {request.id}" for request in self.requests for method in request.in_dialog)

    @property
    def drivers(self) -> set[str]:
        """``sip``, ``pjsip``, ``kamailio``: what a server needs to have."""
        names = {"sip.conf": "sip", "pjsip.conf": "pjsip", "kamailio.cfg": KAMAILIO}
        return {driver for name, driver in names.items() if name in self.files}

    @property
    def product(self) -> str:
        """The program that reads the configuration."""
        return "kamailio" if KAMAILIO in self.drivers else "asterisk"

    def applies_to(self, version: str, drivers: set[str]) -> bool:
        """Does a server of this version, with these channel drivers, know what the case is about?"""
        return not self.unproven and self.drivers <= drivers and (not self.servers or version in self.servers)


def cases() -> Iterator[Case]:
    """All cases, by the name of their check."""
    checks = {registered.id: registered for registered in registry.every()}
    for path in sorted(FOLDER.glob("*.yaml")):
        yield _case(checks[path.stem], read_yaml(str(path), path.name))


def _case(registered: registry.Registered, data: dict[str, Any]) -> Case:
    if "unproven" in data:
        return Case(registered.id, {}, unproven=data["unproven"])
    if "files" in data:
        files: Mapping[str, str] = data["files"]
    else:
        files = _with_transport(files_of(registered, registered.examples[data["example"]].bad))
    plan = {**data, "requests": [{"to": item["from"], **item} for item in data["requests"]]}
    requests, world = read_requests(plan, registered.id)
    return Case(
        registered.id,
        _with_surroundings({**files, **data.get("more", {})}),
        tuple(requests),
        world,
        data.get("listen", 0),
        bool(data.get("target")),
        tuple(data.get("servers", ())),
    )


def _with_transport(files: Mapping[str, str]) -> dict[str, str]:
    """With a transport, which most examples leave out."""
    text = files.get("pjsip.conf")
    if text is None or re.search(r"^\s*type\s*=>?\s*transport", text, re.MULTILINE):
        return dict(files)
    return {**files, "pjsip.conf": text + TRANSPORT}


def _with_surroundings(files: Mapping[str, str]) -> dict[str, str]:
    """With a dialplan that takes every call, or with tables of accounts, unless there are some."""
    if "kamailio.cfg" in files:
        return {**ACCOUNTS, **files}
    names = re.findall(r"^\s*context\s*=>?\s*([\w-]+)", "\n".join(files.values()), re.MULTILINE)
    answer = "exten => _X.,1,Answer()\n same => n,Wait(1)\n"
    dialplan = "".join(f"[{name}]\n{answer}" for name in dict.fromkeys(["default", "public", *names]))
    return {"extensions.conf": dialplan, **files}


class State(NamedTuple):
    """A configuration that was written to disk."""

    files: dict[str, str]
    tree: Tree | KamailioTree


def states(case: Case, folder: Path, version: str) -> tuple[State, State]:
    """The configuration with the defect, and what ``cfglint fix --write --unsafe`` makes of it."""
    targets = (f"{case.product}={version}",)
    bad, fixed = folder / "bad", folder / "fixed"
    write_tree(bad, case.files)
    write_tree(fixed, case.files)
    options = ["--target", *targets] if case.target else []
    CliRunner().invoke(cli, ["fix", "--write", "--unsafe", "--select", case.check, *options, str(fixed)])
    return _state(bad, targets), _state(fixed, targets)


def _state(folder: Path, targets: tuple[str, ...]) -> State:
    files = {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "surrogateescape")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    if "kamailio.cfg" in files:
        return State(files, KamailioTree(str(folder / "kamailio.cfg"), Files(), parse_targets(targets)))
    (tree,) = trees(folder, targets)
    return State(files, tree)


def requests(case: Case, bad: State, fixed: State) -> list[Request]:
    """What is sent to either: the case's own requests, then what strangers try."""
    passwords = {r.auth_user or r.from_.user: r.password for r in case.requests if r.legit and r.password}
    found = {request.id: request for request in case.requests}
    if isinstance(bad.tree, KamailioTree) and isinstance(fixed.tree, KamailioTree):
        return [*found.values(), *_strangers(bad.tree, fixed.tree)]
    assert isinstance(bad.tree, Tree) and isinstance(fixed.tree, Tree)
    for kind in sorted(case.drivers):
        for probe in admission.probes(bad.tree, fixed.tree, kind):
            request = probe.request
            if not probe.stranger or " " in request.from_.user:
                continue  # no telephone sends a name that is no name (RFC 3261, 25.1)
            if request.password == KNOWN:
                request = request._replace(password=passwords.get(request.auth_user or request.from_.user, KNOWN))
            elif request.password == WRONG:
                request = request._replace(password=GUESS)
            if request.password != KNOWN:
                name = f"{probe.who}, {request.source.host}" if probe.who.startswith("REGISTER of") else probe.who
                found.setdefault(name, request._replace(id=name, legit=False))
    return list(found.values())


def _strangers(bad: KamailioTree, fixed: KamailioTree) -> Iterator[Request]:
    """Who comes to a Kamailio and must not get in, each once."""
    servers = (KamailioServer(tree.kamailio, tree.configs[0].target, World()) for tree in (bad, fixed))
    seen = set()
    for visitor in visitors_of(*servers):
        request = visitor.request
        who = visitor.who if request.method != "INVITE" else f"{visitor.who}: {request.from_} to {request.to.user}"
        if visitor.stranger and who not in seen:
            seen.add(who)
            password = GUESS if request.password == WRONG else request.password
            yield request._replace(id=who, password=password, legit=False)


def simulated(case: Case, state: State, sent: Sequence[Request]) -> Answers:
    """What the decision model says that a server answers."""
    if isinstance(state.tree, KamailioTree):
        server, _ = kamailio_for(state.tree, case.world._replace(complete=True))
        return {answer.id: answer.statuses for answer in play(sent, server, KAMAILIO_ALGORITHMS)}
    for _, _, server in servers_for(state.tree, case.world._replace(complete=True)):
        return {answer.id: answer.statuses for answer in play(sent, server)}
    return {}


def heard(peers: Sequence[Peer], asked: Mapping[str, Sequence[tuple[str, Status]]]) -> Answers:
    """What a server's own requests got, as answers."""
    found: Answers = {}
    for peer in peers:
        for method, status in asked.get(str(peer.at), ()):
            name = f"{method} at {peer.at}"
            found[name] = (*found.get(name, ()), status)
    return found


class Proof(NamedTuple):
    """What two states' answers show."""

    effect: str
    faults: list[str]


REPAIRED = "who was refused is accepted"
CLOSED = "strangers are kept out"
OTHERWISE = "who is refused is told something else"
UNCHANGED = "nobody is told anything else"


def judge(strangers: Collection[str], bad: Answers, fixed: Answers, *, dialplan: bool = True) -> Proof:
    """Is everybody accepted who belongs here, and nobody else, and was that not so before? `dialplan`: is there one,
    so that a call that reaches it has been let in?"""
    faults, effects = [], set()
    for name in dict.fromkeys([*bad, *fixed]):
        before, after = bad.get(name, ()), fixed.get(name, ())
        if name in strangers:
            # A stranger's call is let in as soon as it reaches the dialplan.
            let_in = _heard if dialplan and name.startswith("INVITE") else _accepted
            if _accepted(after) or (let_in(after) and not let_in(before)):
                faults.append(f"{name}: {_shown(after)}, though nobody should let that in")
            elif let_in(before) and not let_in(after):
                effects.add(CLOSED)
        elif not _accepted(after):
            faults.append(f"{name}: {_shown(after)} all the same")
        elif not _accepted(before):
            effects.add(REPAIRED)
    nothing = UNCHANGED if bad == fixed else OTHERWISE
    return Proof(", ".join(sorted(effects, reverse=True)) or nothing, faults)


def _accepted(statuses: Sequence[Status]) -> bool:
    return bool(statuses) and isinstance(statuses[-1], int) and 200 <= statuses[-1] < 300


def _heard(statuses: Sequence[Status]) -> bool:
    return bool(statuses) and isinstance(statuses[-1], int) and statuses[-1] not in admission.LOCKED_OUT


def _shown(statuses: Sequence[Status]) -> str:
    return " ".join(map(str, statuses)) or "nothing"
