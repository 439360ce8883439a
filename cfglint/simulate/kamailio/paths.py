"""Every way a message can take: a script is run again for each answer to what nobody can know.

A run that needs to know something asks its `Path`. The first run gets the expected answer every time; each further run
repeats the answers of an earlier one up to a point and takes another there. Nothing has to be undone, and the script
sees only known values.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

MAX_PATHS = 48
"""So many ways of one message are followed; an answer says when there were more."""


class Choice(NamedTuple):
    """Something unknown, and which of the possibilities a path takes for it."""

    subject: str
    """What is unknown: it is asked once per path."""
    options: tuple[str, ...]
    """The possibilities in words; the expected one comes first."""
    taken: int

    @property
    def words(self) -> str:
        """The possibility that is taken."""
        return self.options[self.taken]


class Path:
    """The answers that one run gets."""

    def __init__(self, given: tuple[int, ...] = ()) -> None:
        self._given = given
        self.choices: list[Choice] = []
        self._known: dict[str, int] = {}

    def choose(self, subject: str, options: tuple[str, ...]) -> int:
        """The number of the possibility to go on with; the same subject always gets the same."""
        taken = self._known.get(subject)
        if taken is None:
            at = len(self.choices)
            taken = self._given[at] if at < len(self._given) else 0
            self._known[subject] = taken
            self.choices.append(Choice(subject, options, taken))
        return taken


Result = TypeVar("Result")


def explore(run: Callable[[Path], Result], limit: int = MAX_PATHS) -> Iterator[tuple[Path, Result]]:
    """Run once for every combination of answers, the expected one first, then those that differ from it in one."""
    waiting: deque[tuple[int, ...]] = deque([()])
    while waiting and limit > 0:
        given = waiting.popleft()
        path = Path(given)
        result = run(path)
        limit -= 1
        taken = tuple(choice.taken for choice in path.choices)
        for at in range(len(given), len(taken)):
            for other in range(1, len(path.choices[at].options)):
                waiting.append((*taken[:at], other))
        yield path, result
