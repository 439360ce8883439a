"""What a simulated server says, and how it came to say it."""

from __future__ import annotations

from functools import lru_cache

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place

Status = int | str
"""A final status, ``"timeout"`` where the server stays silent, ``"refused"`` where nothing listens on a TCP port."""

TIMEOUT: Status = "timeout"
REFUSED: Status = "refused"


class Step(NamedTuple):
    """One thing the server does, and the line of configuration it follows."""

    words: str
    place: Place | None = None
    subject: Place | None = None
    """The piece of configuration that the words are about, where they leave it out."""

    @property
    def text(self) -> str:
        """The step as a reader sees it; most are never read, so it is put together when it is."""
        return self.words if self.subject is None else f"{shown(self.subject)} {self.words}"


MAX_SHOWN = 80


def shown(place: Place) -> str:
    """Text of the configuration in one line, with secrets masked."""
    return _shown(place.text)


@lru_cache(maxsize=8192)  # the same condition is met in every request
def _shown(text: str) -> str:
    from cfglint.secrets import mask  # a dozen expressions to compile, for steps that mostly nobody reads

    text = mask(" ".join(text.split())).text
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


class Challenge(NamedTuple):
    """A realm that the client must prove itself for."""

    realm: str
    algorithms: tuple[str, ...] = ("MD5",)
    nonce: str = "good"
    qop: bool = True


class Otherwise(NamedTuple):
    """Another answer that a message can get, and what would have to hold for it."""

    conditions: tuple[str, ...]
    status: Status
    decided_by: Place | None


class Passage(NamedTuple):
    """The way from one block of a routing script to another, or to the final answer."""

    caller: str
    """The block, in words; empty where a message arrives."""
    callee: str | Status
    place: Place | None
    """The line with the call, or the one that decides the answer."""


class Reply(NamedTuple):
    """The final answer to one message. `decided_by` is the line that decided it; `check` the check that explains it."""

    status: Status
    steps: tuple[Step, ...]
    decided_by: Place | None = None
    challenges: tuple[Challenge, ...] = ()
    stale: bool = False
    check: str | None = None
    unknowns: tuple[str, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    passages: tuple[Passage, ...] = ()


class Exchange(NamedTuple):
    """One message of a client, what the server does with it, and the final answer to it."""

    sent: str
    """The message in words."""
    method: str
    credentials: str
    """Whose, in words; empty without."""
    steps: tuple[Step, ...]
    status: Status


class Answer(NamedTuple):
    """All final answers that a client gets to one request and its repetitions with credentials."""

    id: str
    exchanges: tuple[Exchange, ...]
    decided_by: Place | None
    check: str | None
    unknowns: tuple[str, ...]
    otherwise: tuple[Otherwise, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The final statuses, in order."""
        return tuple(exchange.status for exchange in self.exchanges)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, each message of the client being one."""
        return tuple(step for exchange in self.exchanges for step in (Step(exchange.sent), *exchange.steps))

    @property
    def certain(self) -> bool:
        """Does the configuration alone decide it?"""
        return not self.unknowns

    @property
    def accepted(self) -> bool:
        """Was the last answer a 2xx?"""
        last = self.statuses[-1] if self.statuses else None
        return isinstance(last, int) and 200 <= last < 300
