"""One message on one way through the script: what a function of a module has at hand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from cfglint.simulate.answer import Challenge, Passage, Status, Step
from cfglint.simulate.client import Credentials
from cfglint.simulate.kamailio.message import SipMessage
from cfglint.simulate.kamailio.paths import Path
from cfglint.simulate.kamailio.setup import Setup
from cfglint.simulate.kamailio.state import Memory, Sent
from cfglint.simulate.kamailio.values import TooMuch, Unknown, Value
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.interpreter import Interpreter
    from cfglint.simulate.kamailio.relaying import Hop, Target
    from cfglint.simulate.kamailio.xavps import Item

MAX_COMPARED = 300
"""A server that remembers more is not compared with itself."""
MAX_STATEMENTS = 20_000
"""So many statements are followed on one way of a message, and three times as many on all ways together."""


class Budget:
    """How many statements may still be followed: on one way, and on all ways of a message."""

    def __init__(self) -> None:
        self.all = 3 * MAX_STATEMENTS
        self.one = MAX_STATEMENTS

    def renew(self) -> None:
        """Begin another way."""
        self.one = min(MAX_STATEMENTS, self.all)

    def spend(self) -> None:
        """Count a statement; raises `TooMuch`."""
        self.all -= 1
        self.one -= 1
        if self.one < 0:
            raise TooMuch("what becomes of a script that runs on and on")


class Run:
    """What is known while the script runs, and what it has done so far."""

    interpreter: Interpreter

    def __init__(self, setup: Setup, memory: Memory, message: SipMessage, path: Path, budget: Budget) -> None:
        self.setup: Setup = setup
        self.memory: Memory = memory
        self.message: SipMessage = message
        self.path = path
        self.steps: list[Step] = []
        self.assumptions: list[str] = []
        """What nobody can know, and was taken for granted."""
        self.code: Value = 0
        """The return code of what was called last: ``$rc``."""
        self.kind = "request_route"
        """The kind of the block that runs."""
        self.sent: Sent | None = None
        """The first final reply; a client ignores any other."""
        self.budget = budget
        self.read: dict[str, str] = {}
        """The pseudo-variables that a condition has looked at, and their values, as far as they may be shown."""
        self.may_merge = True
        """May what follows be left to an earlier run that was at the same place?"""
        self.passages: list[Passage] = []
        """The ways from block to block that were taken."""
        self.guards: list[Place | None] = []
        """For each open block the condition that let the script get to where it is."""
        self.here: Place | None = None
        """The statement that runs."""
        # What the script can change about the message:
        self._uri: str | Unknown = message.uri
        self._destination_uri: str | Unknown = ""
        self.send_socket: Value = None
        self.branches: list[tuple[str | Unknown, str | Unknown]] = []
        """Further targets: request-URI and destination URI."""
        self.flags: set[int] = set()
        self.branch_flags: set[int] = set()
        self.attributes: dict[str, list[Value]] = {}
        """``$avp``, the newest value first."""
        self.xavps: dict[str, list[Item]] = {}
        """``$xavp``, the newest item first; the name has the class in front."""
        self.fields: dict[str, Value] = {}
        """``$dlg_var`` and other places where values are kept."""
        self.recorded = False
        self.transaction = False
        self.on_failure = ""
        self.on_reply = ""
        self.on_branch = ""
        self.sent_error: int | None = None
        """The status that a failed relay asks for, when the script does not reply itself."""
        self.removed_headers: set[str] = set()
        self.added_headers: list[tuple[str, str]] = []
        """Name in lower case, and value; seen by the script only after msg_apply_changes()."""
        self.reply_status: str | None = None
        """The status of the reply that the block is about."""
        self.depth = 0
        """How deep the expression nests that is evaluated."""
        self.dropped = False
        """Has ``drop`` been met?"""
        self.targets: list[Target] = []
        """Where the request was sent on to."""
        self.branches_sent = 0
        """How many branches the transaction has."""
        self.heard: dict[str, int] = {}
        """What each peer has answered to this message."""
        self.has_new_target = True
        """Has the request-URI or the next hop been set since the request was sent on?"""
        self.loops: Callable[[Run, Hop, str | Unknown, tuple[str, ...]], Status] | None = None
        """What this server answers when the request comes back to it."""
        self.authorized: Credentials | None = None
        """The credentials that a function has looked at."""
        self.routes: list[str] = list(message.routes)
        """The Route headers that are left."""
        self.max_forwards = message.max_forwards

    def state(self) -> Hashable:
        """All that what follows can depend on, in a form that can be compared; None where it is too much."""
        memory = self.memory
        if memory.size > MAX_COMPARED:
            return None
        return repr(
            (
                memory.comparable, self.code, self.kind, self.sent, self.uri, self.destination_uri, self.send_socket,
                self.branches, sorted(self.flags), sorted(self.branch_flags), self.attributes, self.xavps, self.fields,
                self.transaction, self.on_failure, self.on_reply, self.on_branch, self.sent_error, self.routes,
                self.max_forwards, self.reply_status, self.dropped, self.targets, self.has_new_target,
                sorted(self.removed_headers), self.added_headers, self.authorized, self.recorded, sorted(self.heard),
            )
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------------- talking

    def say(self, words: str, place: Place | None = None, subject: Place | None = None) -> None:
        """Note a step."""
        self.steps.append(Step(words, place or self.here, subject))

    def choose(self, subject: str, *options: str) -> int:
        """Which of some possibilities holds, where nobody can know; the expected one comes first."""
        asked = len(self.path.choices)
        taken = self.path.choose(subject, options)
        if len(self.path.choices) > asked:
            self.say(f"not known: {subject}; here: {options[taken]}")
        return taken

    def is_true(self, subject: str, *, expected: bool = True) -> bool:
        """Does something hold that nobody can know?"""
        asked = len(self.path.choices)
        words = ("it is true", "it is false")
        taken = self.path.choose(subject, words if expected else words[::-1])
        holds = (taken == 0) == expected
        if len(self.path.choices) > asked:
            self.say(f"not known: {subject}; here: {words[0 if holds else 1]}")
        return holds

    def assume(self, what: str) -> None:
        """Note something that is taken for granted, and on which the answer may hang."""
        if what not in self.assumptions:
            self.assumptions.append(what)

    def sends_from(self, port: int) -> bool:
        """Does the client send from a port? Most do not send from a server's port."""
        known = self.message.source_port
        if known is not None:
            return known == port
        return self.choose("the port that the client sends from", f"not {port}", str(port)) == 1

    @property
    def uri(self) -> str | Unknown:
        """The request-URI as the script has made it."""
        return self._uri

    @uri.setter
    def uri(self, value: str | Unknown) -> None:
        self._uri, self.has_new_target = value, True

    @property
    def destination_uri(self) -> str | Unknown:
        """The next hop that the script has set; empty for none."""
        return self._destination_uri

    @destination_uri.setter
    def destination_uri(self, value: str | Unknown) -> None:
        self._destination_uri, self.has_new_target = value, True

    @property
    def reply_in_hand(self) -> str | None:
        """The status of the reply that the block is run for; None in a block for requests."""
        return self.reply_status if self.kind in ("reply_route", "onreply_route") else None

    @property
    def guard(self) -> Place | None:
        """The condition that led here, or the statement itself where there is none."""
        return next((guard for guard in reversed(self.guards) if guard is not None), self.here)

    # ------------------------------------------------------------------------------------------------------ replying

    def reply(
        self,
        status: Status,
        text: str,
        place: Place | None = None,
        challenges: tuple[Challenge, ...] = (),
        stale: bool = False,
    ) -> None:
        """Send a reply; `place` is the line that decides it, where it is another than the condition that led here."""
        if self.message.method == "ACK":
            self.say(f"{status} {text}: never sent, an ACK gets no reply")
        elif isinstance(status, int) and status < 200:
            self.say(f"{status} {text}: the client goes on waiting")
        elif self.sent is not None:
            self.say(f"{status} {text}: a second final reply, the client has {self.sent.status} already")
        else:
            self.say(f"the reply is {status} {text}")
            self.sent = Sent(status, place or self.guard, challenges, stale)
            self.passages.append(Passage(self.interpreter.route, status, self.sent.place))

    # -------------------------------------------------------------------------------------------------------- message

    def _is_served(self, host: str) -> bool:
        from cfglint.simulate.kamailio.modules.domain import served

        domains = served(self)
        return host.lower() in domains if domains is not None else self.is_true(f"{host} is in the table of domains")

    def is_own(self, host: str, port: int, transport: str | None = None) -> bool:
        """Is ``host:port`` one of this server's names or addresses, perhaps by one transport alone?"""
        sockets = self.setup.sockets
        if sockets.is_own(host, port, transport):
            return True
        if self.setup.number("domain", "register_myself", 0) and self._is_served(host):
            return True
        destination = self.message.destination
        if sockets.sockets or destination is None:
            return False
        return host == destination.host and port in (0, destination.port)
