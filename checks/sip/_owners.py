"""Which accounts a line belongs to. A line of a template is seen through every account, and is reported once."""

from __future__ import annotations

from collections.abc import Iterable

from cfglint.findings import Note
from cfglint.model.sip import Peer
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

NOTED = 3
"""So many accounts that inherit a line are shown."""


def by_option(pairs: Iterable[tuple[Option, Peer]]) -> list[tuple[Option, list[Peer]]]:
    """Each line once, with all accounts that have it, in order."""
    found: dict[tuple[Source, int], tuple[Option, list[Peer]]] = {}
    for option, peer in pairs:
        found.setdefault((option.source, option.start), (option, []))[1].append(peer)
    return list(found.values())


def shown(peers: list[Peer]) -> str:
    """How a message names them."""
    others = len(peers) - 1
    return f"'{peers[0].name}' and {others} more" if others else f"'{peers[0].name}'"


def inherited(option: Option, peers: list[Peer]) -> tuple[Note, ...]:
    """Where the first of the accounts stand that take a line from somewhere else."""
    taken = [peer for peer in peers if all(option.home is not section for section in peer.sections)]
    return tuple(Note(peer.section.name_place, f"'{peer.name}' inherits it") for peer in taken[:NOTED])
