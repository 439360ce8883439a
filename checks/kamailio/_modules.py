"""Who has what a configuration asks for, as messages say it."""

from __future__ import annotations

from cfglint.findings import Note
from cfglint.knowledge.kamailio import RELEASES
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.exports import Elsewhere

MANY = 4
"""A name that more modules than this have says nothing about which one was meant."""


def listed(names: list[str]) -> str:
    """``'a'``, ``'a' or 'b'``, ``'a', 'b' or 'c'``."""
    quoted = [f"'{name}'" for name in names]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def where(kamailio: Kamailio, elsewhere: Elsewhere) -> tuple[str, tuple[Note, ...]]:
    """The end of a sentence that tells who has a name, and the lines that load it too late."""
    if elsewhere.late:
        notes = tuple(Note(kamailio.loaded[name].node.place, "it is loaded here") for name in elsewhere.late)
        return f"; {listed(elsewhere.late)} has it, but is only loaded further down", notes
    if 0 < len(elsewhere.unloaded) <= MANY:
        return f"; it comes with {listed(elsewhere.unloaded)}, which is not loaded", ()
    return "", ()


def version(kamailio: Kamailio) -> str:
    """The release in question, behind a statement: `` in Kamailio 6.1``; nothing where it is about all."""
    releases = kamailio.releases
    return "" if releases == RELEASES.all else f" in Kamailio {RELEASES.spoken(releases)}"
