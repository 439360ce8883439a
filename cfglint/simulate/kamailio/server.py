"""One Kamailio over several requests."""

from __future__ import annotations

import sys
from typing import NamedTuple

from cfglint.knowledge.versions import Version
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.answer import REFUSED, TIMEOUT, Reply, Status, Step
from cfglint.simulate.client import Message
from cfglint.simulate.kamailio import relaying
from cfglint.simulate.kamailio.interpreter import Interpreter
from cfglint.simulate.kamailio.message import SipMessage, arrived
from cfglint.simulate.kamailio.paths import MAX_PATHS, Choice, Path, explore
from cfglint.simulate.kamailio.run import Run
from cfglint.simulate.kamailio.setup import Setup
from cfglint.simulate.kamailio.state import Memory
from cfglint.simulate.kamailio.values import TooMuch, Unknown
from cfglint.simulate.request import World
from cfglint.source import Place

MAX_HOPS = 70
"""So often a request may come back to this server."""
RECURSION = 10_000
"""Python calls that the deepest script needs."""


class Outcome(NamedTuple):
    """What a message gets on one way through the script, and under which conditions."""

    conditions: tuple[Choice, ...]
    reply: Reply
    memory: Memory
    """What the server remembers afterwards."""


class KamailioServer:
    """Answers messages and keeps registrations, nonces and tables between them."""

    def __init__(self, kamailio: Kamailio, version: Version, world: World) -> None:
        self.setup = Setup(kamailio, version, world)
        self.start()

    def start(self) -> None:
        """Know nothing but the configuration."""
        self.memory = Memory()
        self._dialogs: dict[int, int] = {}
        self._now = 0.0
        self._initialise()

    def go_on(self, outcome: Outcome) -> None:
        """Take another way than the expected one for what has happened."""
        self.memory = outcome.memory

    def _initialise(self) -> None:
        """Run ``event_route[htable:mod-init]``."""
        if ("event_route", "htable:mod-init") not in self.setup.routes:
            return
        self.idle().interpreter.routes("event_route", "htable:mod-init")

    def idle(self) -> Run:
        """A run without a message of its own, for what happens at start."""
        from cfglint.simulate.request import Request, Uri

        nobody = Uri("sip", "", "127.0.0.1", None)
        message = arrived(Message(Request("", "OPTIONS", nobody, nobody, nobody), None, self._now), 0)
        run = Run(self.setup, self.memory, message, Path())
        run.interpreter = Interpreter(run)
        return run

    def restart(self) -> None:
        """Nonces and tables are gone, and registrations unless a database keeps them."""
        kept = self.setup.number("usrloc", "db_mode", 0) != 0
        self.memory = self.memory.restarted(keeps_contacts=kept)
        self._initialise()

    def forget(self) -> None:
        """Nobody is registered, and nothing is remembered of anybody."""
        self.memory = Memory()
        self._initialise()

    def answer(self, message: Message) -> Reply:
        """The final answer to one message, on the expected way."""
        return self.outcomes(message)[0].reply

    def outcomes(self, message: Message) -> list[Outcome]:
        """All answers that one message can get, the expected one first; the server goes on from that one."""
        self._now = message.now
        number = self._dialog(message)
        arrival = arrived(message, number)
        unheard = self._unheard(arrival)
        if unheard is not None:
            return [Outcome((), unheard, self.memory)]
        before = self.memory
        runs: list[Run] = []

        def follow(path: Path) -> Run:
            return self._handled(arrival, before.copy(), path)

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, RECURSION))
        try:
            runs = [run for _, run in explore(follow)]
        finally:
            sys.setrecursionlimit(limit)
        self.memory = runs[0].memory
        outcomes = [Outcome(tuple(run.path.choices), _reply(run), run.memory) for run in runs]
        if len(runs) == MAX_PATHS:
            note = f"more than {MAX_PATHS} ways lead through the script; the others were not followed"
            outcomes[0] = outcomes[0]._replace(reply=_with_unknown(outcomes[0].reply, note))
        return _distinct(outcomes)

    def _handled(self, message: SipMessage, memory: Memory, path: Path, hops: int = 0) -> Run:
        """Run the script for a message, and wait for those it is sent on to."""
        run = Run(self.setup, memory, message, path)
        run.interpreter = Interpreter(run)

        def comes_back(sender: Run, uri: str | Unknown, routes: tuple[str, ...]) -> Status:
            if hops >= MAX_HOPS or isinstance(uri, Unknown):
                sender.missing("what becomes of a request that this server sends to itself")
                return TIMEOUT
            again = sender.message._replace(uri=uri, routes=routes, max_forwards=sender.max_forwards)
            back = self._handled(again, sender.memory, path, hops + 1)
            sender.unknowns += back.unknowns
            sender.say(f"it answers {back.sent.status if back.sent else 'nothing'}")
            return back.sent.status if back.sent is not None else TIMEOUT

        run.loops = comes_back
        try:
            run.interpreter.routes("request_route")
            relaying.finish(run)
        except TooMuch as reason:
            run.missing(str(reason))
        if run.sent is None and run.sent_error is not None and not run.targets and message.method != "ACK":
            run.reply(run.sent_error, "the transaction's own reply to the error")
        return run

    def _dialog(self, message: Message) -> int:
        """A number for the client's Call-ID: the messages of one request have one."""
        key = id(message.request)
        if message.credentials is None or key not in self._dialogs:
            self._dialogs = {key: self.memory.messages}
        self.memory.messages += 1
        return self._dialogs[key]

    def _unheard(self, message: SipMessage) -> Reply | None:
        silence: Status = TIMEOUT if message.transport == "udp" else REFUSED
        aborted = self.setup.kamailio.config.aborted
        if aborted is not None:
            step = Step("the server refuses this configuration and does not start", aborted.place)
            return Reply(silence, (step,), aborted.place)
        destination = message.destination
        if destination is None or self.setup.sockets.heard(message.transport, destination.host, destination.port):
            return None
        place = self.setup.sockets.sockets[0].place if self.setup.sockets.sockets else None
        step = Step(f"nothing listens for {message.transport.upper()} on {destination}", place)
        return Reply(silence, (step,), place)


def _reply(run: Run) -> Reply:
    sent = run.sent
    unknowns = (*run.unknowns, *(choice.subject for choice in run.path.choices))
    if sent is None:
        place: Place | None = run.guard
        run.say("the script ends without a reply", place)
        return Reply(TIMEOUT, tuple(run.steps), place, unknowns=tuple(dict.fromkeys(unknowns)))
    return Reply(
        sent.status,
        tuple(run.steps),
        sent.place,
        sent.challenges,
        sent.stale,
        unknowns=tuple(dict.fromkeys(unknowns)),
    )


def _with_unknown(reply: Reply, note: str) -> Reply:
    return reply._replace(unknowns=(*reply.unknowns, note))


def _distinct(outcomes: list[Outcome]) -> list[Outcome]:
    """The expected one, and of the others one for each status and deciding line."""
    found: dict[tuple[Status, Place | None], Outcome] = {}
    for outcome in outcomes:
        found.setdefault((outcome.reply.status, outcome.reply.decided_by), outcome)
    return list(found.values())
