"""Every way a message can take: a script is run again for each answer to what nobody can know.

A run that needs to know something asks its `Path`. The first run gets the expected answer every time; each further run
repeats the answers of an earlier one up to a point and takes another there. Nothing has to be undone, and the script
sees only known values. A run that arrives where an earlier one was, with everything as it was then, goes on as that one
did and is followed no further, so that what decides nothing costs one run and not twice as many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from cfglint.namedtuples import NamedTuple

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
        """The subject and the possibility that is taken."""
        return f"{self.subject} {self.options[self.taken]}"


class Merged(Exception):
    """A run that goes on as an earlier one did: the number of that one."""

    def __init__(self, number: int) -> None:
        self.number = number


Seen = dict[int, int]
"""Where runs have been, and which was there first: by a hash of 64 bits, as the places themselves are large."""


class Path:
    """The answers that one run gets."""

    def __init__(self, given: tuple[int, ...] = (), number: int = 0, seen: Seen | None = None) -> None:
        self.choices: list[Choice] = []
        self.recurring: set[str] = set()
        """Subjects that were asked more than once."""
        self._given = given
        self._number = number
        self._seen = seen
        self._known: dict[str, int] = {}

    def choose(self, subject: str, options: tuple[str, ...]) -> int:
        """The number of the possibility to go on with; the same subject always gets the same."""
        taken = self._known.get(subject)
        if taken is not None:
            self.recurring.add(subject)
            return taken
        at = len(self.choices)
        taken = self._given[at] if at < len(self._given) else 0
        self._known[subject] = taken
        self.choices.append(Choice(subject, options, taken))
        return taken

    @property
    def may_merge(self) -> bool:
        """Is it worth while to call `arrive`?"""
        return self._seen is not None and bool(self.choices) and len(self.choices) >= len(self._given)

    def arrive(self, where: Hashable) -> None:
        """Note that the run is somewhere, in some state; raises `Merged` where an earlier one was."""
        if self._seen is not None:
            first = self._seen.setdefault(hash(where), self._number)
            if first != self._number:
                raise Merged(first)


Result = TypeVar("Result")


class Ways(Generic[Result]):
    """What was found: the results of the runs that ended, in order, the expected one first."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.taken: list[tuple[tuple[Choice, ...], int]] = []
        """For each run, merged ones included, its choices and the number of the result."""
        self.complete = True
        """Were all ways followed?"""

    def deciding(self, differ: Callable[[Result], bool]) -> list[Choice]:
        """The choices of the expected way that another answer to leads to a result that differs."""
        expected = self.taken[0][0]
        found = {_parting(expected, choices) for choices, number in self.taken if differ(self.results[number])}
        return [choice for at, choice in enumerate(expected) if at in found]


def _parting(one: tuple[Choice, ...], other: tuple[Choice, ...]) -> int:
    """The number of the first choice that is not the same; -1 where there is none."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), -1)


def explore(run: Callable[[Path], Result], may_go_on: Callable[[], bool], limit: int = MAX_PATHS) -> Ways[Result]:
    """Run once for every combination of answers that makes a difference, those first that differ from the expected one
    in one answer, as long as `may_go_on` says so."""
    ways: Ways[Result] = Ways()
    seen: Seen = {}
    numbers: dict[int, int] = {}
    merged: list[tuple[tuple[int, ...], Path]] = []
    recurring: set[str] = set()
    waiting: deque[tuple[tuple[int, ...], bool]] = deque([((), True)])
    runs = 0
    while waiting:
        if runs >= limit or (runs and not may_go_on()):
            ways.complete = False
            break
        given, may_merge = waiting.popleft()
        path = Path(given, runs, seen if may_merge else None)
        runs += 1
        try:
            result = run(path)
        except Merged as error:
            merged.append((given, path))
            numbers[runs - 1] = numbers[error.number]  # a later run may merge with this one, further up
            ways.taken.append((tuple(path.choices), numbers[error.number]))
        else:
            numbers[runs - 1] = len(ways.results)
            ways.taken.append((tuple(path.choices), len(ways.results)))
            ways.results.append(result)
            # More than the limit are never run, and each is as long as the way to it.
            room = max(limit - runs - len(waiting), 0)
            others = list(islice(_others(given, path.choices), room + 1))
            ways.complete &= len(others) <= room
            waiting += [(other, may_merge) for other in others[:room]]
        recurring |= path.recurring
        if not waiting:  # what is asked again behind the point of merging may be answered otherwise there
            again = [given for given, path in merged if recurring & {c.subject for c in path.choices}]
            merged = []
            waiting += [(given, False) for given in again]
    return ways


def _others(given: tuple[int, ...], choices: list[Choice]) -> Iterator[tuple[int, ...]]:
    """The answers of runs that differ in one choice that was not given."""
    taken = tuple(choice.taken for choice in choices)
    for at in range(len(given), len(taken)):
        for other in range(1, len(choices[at].options)):
            yield (*taken[:at], other)
