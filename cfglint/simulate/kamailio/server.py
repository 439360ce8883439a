"""One Kamailio over several requests."""

from __future__ import annotations

import sys

from cfglint.knowledge.versions import Version
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.graph import MAIN
from cfglint.model.kamailio.tables import AT_START, NO_COLUMN, NO_TABLE, OTHER_VERSION, faults
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import REFUSED, TIMEOUT, Otherwise, Passage, Reply, Status, Step
from cfglint.simulate.client import Message
from cfglint.simulate.kamailio import relaying
from cfglint.simulate.kamailio.interpreter import Interpreter
from cfglint.simulate.kamailio.message import SipMessage, arrived
from cfglint.simulate.kamailio.paths import MAX_PATHS, Choice, Path, Ways, explore
from cfglint.simulate.kamailio.run import Budget, Run
from cfglint.simulate.kamailio.setup import Setup
from cfglint.simulate.kamailio.sockets import EVERY_ADDRESS
from cfglint.simulate.kamailio.state import Memory
from cfglint.simulate.kamailio.values import TooMuch, Unknown
from cfglint.simulate.request import Endpoint, World
from cfglint.source import Place

MAX_HOPS = 70
"""So often a request may come back to this server."""
MAX_UNKNOWNS = 60
"""So many unknowns an answer names."""
FIRST_STEPS, LAST_STEPS = 1500, 500
"""So many steps of an answer are kept."""
RECURSION = 10_000
"""Python calls that the deepest script needs."""


class Outcome(NamedTuple):
    """What a message gets on one way through the script, and the answers to unknowns that lead there."""

    choices: tuple[Choice, ...]
    reply: Reply
    memory: Memory
    """What the server remembers afterwards."""


class KamailioServer:
    """Answers messages and keeps registrations, nonces and tables between them."""

    def __init__(self, kamailio: Kamailio, version: Version, world: World) -> None:
        self.setup = Setup(kamailio, version, world)
        self.work = 0
        """How many statements were followed, for all messages together."""
        self.gave_up = False
        """Was there a message whose way through the script had no end?"""
        self._doubts = _doubts(kamailio)
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
        run = Run(self.setup, self.memory, message, Path(), Budget())
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
        """The final answer to one message, on the expected way; it names what would be answered otherwise."""
        return self.outcomes(message)[0].reply

    def outcomes(self, message: Message) -> list[Outcome]:
        """All different answers that one message can get, the expected one first; the server goes on from that one."""
        self._now = message.now
        arrival = arrived(message, self._dialog(message))
        unheard = self._unheard(arrival)
        if unheard is not None:
            return [Outcome((), unheard, self.memory)]
        before, budget = self.memory, Budget()

        def follow(path: Path) -> Run:
            budget.renew()
            return self._handled(arrival, before.copy(), path, budget)

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, RECURSION))
        try:
            ways = explore(follow, lambda: budget.all > 0)
        finally:
            sys.setrecursionlimit(limit)
        self.work += Budget().all - budget.all
        self.memory = ways.results[0].memory
        return _outcomes(ways)

    def _handled(self, message: SipMessage, memory: Memory, path: Path, budget: Budget, hops: int = 0) -> Run:
        """Run the script for a message, and wait for those it is sent on to."""
        run = Run(self.setup, memory, message, path, budget)
        run.interpreter = Interpreter(run)
        run.may_merge = hops == 0
        run.assumptions += self._doubts

        def comes_back(sender: Run, hop: relaying.Hop, uri: str | Unknown, routes: tuple[str, ...]) -> Status:
            if hops >= MAX_HOPS or isinstance(uri, Unknown):
                sender.assume(relaying.TO_ITSELF)
                return TIMEOUT
            again = sender.message._replace(
                uri=uri,
                routes=routes,
                max_forwards=sender.max_forwards,
                transport=hop.transport,
                destination=Endpoint(hop.host, hop.port),
            )
            # Of a probe nobody knows whom it should reach: that it comes back here must not look like a refusal.
            socket = self.setup.sockets.first(hop.transport) if self.setup.world.complete else None
            if socket is not None and socket.address is not None and socket.address not in EVERY_ADDRESS:
                here = Endpoint(socket.address, socket.port)
                again = again._replace(source=here, source_port=here.port if hop.transport == "udp" else None)
            back = self._handled(again, sender.memory, path, budget, hops + 1)
            sender.assumptions += back.assumptions
            sender.say(f"it answers {back.sent.status if back.sent else 'nothing'}")
            return back.sent.status if back.sent is not None else TIMEOUT

        run.loops = comes_back
        try:
            run.interpreter.routes("request_route")
            relaying.finish(run)
        except TooMuch as reason:
            self.gave_up = True
            run.assume(str(reason))
        unanswered = run.sent is None and not run.targets and message.method != "ACK"
        if unanswered and run.transaction and run.sent_error is not None:
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
        if message.transport == "tcp" and self.setup.core_number("disable_tcp", default=0):
            step = Step("TCP is switched off: disable_tcp", self.setup.core_place("disable_tcp"))
            return Reply(silence, (step,), step.place)
        if destination is None or self.setup.sockets.heard(message.transport, destination.host, destination.port):
            return self._routed_elsewhere()
        place = self.setup.sockets.sockets[0].place if self.setup.sockets.sockets else None
        step = Step(f"nothing listens for {message.transport.upper()} on {destination}", place)
        return Reply(silence, (step,), place)

    def _routed_elsewhere(self) -> Reply | None:
        """A script in another language gets what no request_route does (core/receive.c:receive_msg)."""
        kamailio = self.setup.kamailio
        line = kamailio.engine
        if line is None or (MAIN, None) in kamailio.named_routes:
            return None
        script = f"the {line.value.value} script"
        step = Step(f"{script} gets this: cfglint does not read it", line.place)
        return Reply(TIMEOUT, (step,), line.place, unknowns=(f"what {script} answers",))


def _outcomes(ways: Ways[Run]) -> list[Outcome]:
    """The answers that differ in their status or in what decides them. Each names what was taken for granted for it,
    the expected one also what else it hangs on, and what would be answered otherwise."""
    cut = () if ways.complete else (f"what comes of the ways through the script beyond {MAX_PATHS}",)
    found: dict[tuple[Status, Place | None], Outcome] = {}
    for choices, number in ways.taken:
        run = ways.results[number]
        reply = _reply(run)._replace(unknowns=(*run.assumptions, *cut))
        found.setdefault((reply.status, reply.decided_by), Outcome(choices, reply, run.memory))
    first, *others = found.values()
    status = first.reply.status
    hangs_on = (choice.subject for choice in ways.deciding(lambda run: _reply(run).status != status))
    otherwise = tuple(
        Otherwise(_conditions(other.choices), other.reply.status, other.reply.decided_by)
        for other in others
        if other.reply.status != status
    )
    unknowns = _cut(list(dict.fromkeys((*first.reply.unknowns, *hangs_on))))
    return [first._replace(reply=first.reply._replace(unknowns=unknowns, otherwise=otherwise)), *others]


def _cut(unknowns: list[str]) -> tuple[str, ...]:
    """Unknowns, as many as somebody may read."""
    more = len(unknowns) - MAX_UNKNOWNS
    return (*unknowns[:MAX_UNKNOWNS], f"{more} more like these") if more > 1 else tuple(unknowns)


def _conditions(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    """The answers that are not the expected ones, in words."""
    return tuple(choice.words for choice in choices if choice.taken)


def _reply(run: Run) -> Reply:
    steps, passages, sent = _shortened(run.steps), tuple(run.passages), run.sent
    if sent is None:
        place = run.guard
        last = Step("the script ends without a reply", place)
        silence = Passage(run.interpreter.last_route, TIMEOUT, place)
        return Reply(TIMEOUT, (*steps, last), place, passages=(*passages, silence))
    return Reply(sent.status, steps, sent.place, sent.challenges, sent.stale, passages=passages)


def _doubts(kamailio: Kamailio) -> list[str]:
    """Why the server may not start with the database that is at hand; its rows are looked at all the same."""
    if kamailio.data is None:
        return []
    return [
        f"whether the server starts: {fault.table.module} is not content with table '{fault.table.name}'"
        for fault in faults(kamailio)
        if fault.kind == OTHER_VERSION or (fault.kind in (NO_TABLE, NO_COLUMN) and fault.table.read == AT_START)
    ]


def _shortened(steps: list[Step]) -> tuple[Step, ...]:
    """Steps without those in the middle of very many."""
    more = len(steps) - FIRST_STEPS - LAST_STEPS
    if more <= 0:
        return tuple(steps)
    return (*steps[:FIRST_STEPS], Step(f"{more} steps are left out here"), *steps[-LAST_STEPS:])
