"""Names of things that do not exist: what was meant, and which lines say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cfglint.edits import Fix, replace
from cfglint.knowledge.names import Suggestions
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option, folded
from cfglint.source import Place, Source


class Known:
    """The names that exist, such as those of all endpoints."""

    def __init__(self, names: Collection[str]) -> None:
        self._spellings = {folded(name): name for name in names}
        self._suggestions = Suggestions(names)

    def spelling(self, name: str) -> str | None:
        """The name from which this one differs only in case."""
        return self._spellings.get(folded(name))

    def hint(self, name: str) -> str:
        """How a message ends: with the name that was probably meant, if there is one."""
        meant = self.spelling(name) or self._suggestions.nearest(name)
        return f"; did you mean '{meant}'?" if meant else ""


def respelled(place: Place, name: str, spelling: str) -> Fix:
    """Write a name as it is spelled where the thing stands."""
    return Fix(f"write '{spelling}' for '{name}'", (replace(place, spelling),))


def by_line(uses: Iterable[tuple[Object, Option]]) -> list[tuple[Object, Option, int]]:
    """The lines, which may stand in a template, with the first object that has each, and how many have it."""
    found: dict[tuple[Source, int], tuple[Object, Option, int]] = {}
    for item, option in uses:
        first, _, count = found.get((option.source, option.start), (item, option, 0))
        found[option.source, option.start] = first, option, count + 1
    return list(found.values())
