"""What one server remembers: from message to message, and while it handles one."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Challenge, Status
from cfglint.simulate.kamailio.values import Value
from cfglint.source import Place


class Nonce(NamedTuple):
    """A nonce that was given out: when, and what of the request it is bound to."""

    issued: float
    start: int
    """Which start of the server it is from."""
    uri: str
    call_id: str
    from_tag: str
    source: str


class Contact(NamedTuple):
    """A registered contact."""

    uri: str
    expires: float
    received: str
    call_id: str


class Hits(NamedTuple):
    """How often an address, or the beginning of one, was seen in this period and the one before."""

    period: int
    previous: int
    current: int
    blocked: bool


class Entry(NamedTuple):
    """A value in a hash table; `expires` None: it stays."""

    value: Value
    expires: float | None


class Memory:
    """What outlives a message. One process answers everything, so that ``$var`` keeps its value."""

    def __init__(self) -> None:
        self.starts = 0
        self.messages = 0
        self.variables: dict[str, Value] = {}
        """``$var``, of the process."""
        self.shared: dict[str, Value] = {}
        """``$shv``."""
        self.tables: dict[str, dict[str, Entry]] = {}
        """``$sht``."""
        self.nonces: dict[str, Nonce] = {}
        self.used_nonces: dict[str, int] = {}
        """Nonce to the highest count that was used with it."""
        self.contacts: dict[tuple[str, str], tuple[Contact, ...]] = {}
        """Table and address of record to contacts."""
        self.hits: dict[bytes, Hits] = {}
        """The beginning of an address to how often it was seen."""
        self.asked: dict[str, int] = {}
        """How many requests each peer has answered."""

    def copy(self) -> Memory:
        """The same, to go on with in another way."""
        other = Memory()
        other.starts, other.messages = self.starts, self.messages
        other.variables, other.shared = dict(self.variables), dict(self.shared)
        other.tables = {name: dict(table) for name, table in self.tables.items()}
        other.nonces, other.used_nonces = dict(self.nonces), dict(self.used_nonces)
        other.contacts = dict(self.contacts)
        other.hits, other.asked = dict(self.hits), dict(self.asked)
        return other

    @property
    def size(self) -> int:
        """How many things are remembered."""
        tables = sum(map(len, self.tables.values()))
        return tables + len(self.variables) + len(self.shared) + len(self.nonces) + len(self.contacts) + len(self.hits)

    @property
    def comparable(self) -> tuple[object, ...]:
        """All of it."""
        return (
            self.variables,
            self.shared,
            self.tables,
            self.nonces,
            self.used_nonces,
            self.contacts,
            self.hits,
            self.asked,
        )

    def restarted(self, *, keeps_contacts: bool) -> Memory:
        """What is left after a restart; nonces are remembered as those of an earlier start."""
        other = Memory()
        other.starts, other.messages = self.starts + 1, self.messages
        other.nonces, other.asked = self.nonces, self.asked
        if keeps_contacts:
            other.contacts = self.contacts
        return other


class Sent(NamedTuple):
    """A final reply: `place` is what decided it."""

    status: Status
    place: Place | None
    challenges: tuple[Challenge, ...] = ()
    stale: bool = False
