"""Sets of a server's releases, and how they are written in the data and in messages."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Iterable

    Versions = frozenset[str]


class Releases:
    """The releases of one server that cfglint knows, oldest first, such as ``5.4`` and ``6.0``.

    The data writes a set of them as ``5.5+`` (5.5 and later), ``5.4-5.8``, ``6.1``, or several of these with commas.
    """

    __slots__ = ("_sets", "all", "names")

    def __init__(self, *names: str) -> None:
        self.names = names
        self.all: Versions = frozenset(names)
        self._sets: dict[str, Versions] = {}

    def parse(self, text: str) -> Versions:
        """The set that a text of the data stands for; raises ValueError for an unknown release."""
        found = self._sets.get(text)
        if found is None:
            found = self._sets[text] = frozenset(name for part in text.split(",") for name in self._range(part))
        return found

    def render(self, versions: Iterable[str]) -> str:
        """The text that `parse` reads back as the same set; empty for the empty set."""
        return ",".join(
            f"{a}+" if b == self.names[-1] != a else a if a == b else f"{a}-{b}" for a, b in self._runs(versions)
        )

    def spoken(self, versions: Iterable[str]) -> str:
        """The set as a message says it: ``5.5 and later``, ``up to 5.8``, ``5.5 to 5.7``, ``6.1``, ``any version``."""
        return ", ".join(self._say(a, b) for a, b in self._runs(versions)) or "no version"

    def release(self, version: str) -> str | None:
        """The release that a full version such as ``5.6.3`` belongs to, or None if cfglint does not know it."""
        name = ".".join(version.split(".")[:2])
        return name if name in self.all else None

    def _range(self, text: str) -> tuple[str, ...]:
        if text.endswith("+"):
            return self.names[self.names.index(text[:-1]) :]
        first, _, last = text.partition("-")
        return self.names[self.names.index(first) : self.names.index(last or first) + 1]

    def _runs(self, versions: Iterable[str]) -> list[tuple[str, str]]:
        """First and last of each run of releases that follow each other."""
        wanted = set(versions)
        runs: list[tuple[str, str]] = []
        previous = None
        for name in self.names:
            if name in wanted:
                runs = [*runs[:-1], (runs[-1][0], name)] if previous in wanted and runs else [*runs, (name, name)]
            previous = name
        return runs

    def _say(self, first: str, last: str) -> str:
        if first == last:
            return first
        if first == self.names[0]:
            return "any version" if last == self.names[-1] else f"up to {last}"
        return f"{first} and later" if last == self.names[-1] else f"{first} to {last}"
