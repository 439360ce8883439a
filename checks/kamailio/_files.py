"""Files that are named, and lie beside the configuration under a name that differs by a letter."""

from __future__ import annotations

from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio


def meant(kamailio: Kamailio, path: str, used: set[str]) -> str | None:
    """The path to the file that is probably meant, where there is none of the name; `used`: names that others have."""
    folder, slash, last = path.rpartition("/")
    beside = kamailio.data.names(path) if kamailio.data is not None else []
    other = nearest(last, set(beside) - used) if last not in beside else None
    return f"{folder}{slash}{other}" if other is not None and _letters(other) != _letters(last) else None


def _letters(name: str) -> str:
    """A name without its digits: node1 and node2 are two things, and none is a slip of the other."""
    return "".join(character for character in name if not character.isdecimal())
