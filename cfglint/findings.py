"""What a check reports, and what the engine makes of it."""

from __future__ import annotations

from typing import Any

from cfglint.edits import Fix
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place

LEVELS = ("info", "warning", "error")
"""Ordered from harmless to fatal: `error` the server will refuse or drop it, `warning` very probably not what is
meant, `info` worth knowing."""

CATEGORIES = ("syntax", "load", "answer", "security", "style")
"""`syntax` the server's parser refuses the file, `load` it loads but not as written, `answer` a legitimate request is
refused, `security` a door is open, `style`."""


class Note(NamedTuple):
    """A second place that belongs to a finding, such as the template a value was inherited from."""

    place: Place
    text: str


class Defect(NamedTuple):
    """One thing a check found.

    `subject` is the check's own: it is handed back to its `fix` function. `level` and `category` override the check's
    own where one occurrence is worse or milder than the rule. `answers` are the statuses that the client sees.
    """

    place: Place
    message: str
    notes: tuple[Note, ...] = ()
    subject: Any = None
    level: str | None = None
    category: str | None = None
    request: str | None = None
    answers: tuple[int, ...] = ()


class Finding(NamedTuple):
    """A defect with the name of its check: what is shown."""

    check: str
    level: str
    category: str
    message: str
    place: Place
    notes: tuple[Note, ...] = ()
    request: str | None = None
    answers: tuple[int, ...] = ()
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[str, int, str]:
        """By path, then offset, then check."""
        return self.place.source.path, self.place.span.start, self.check


class Failure(NamedTuple):
    """Something cfglint could not do, while the rest of the run went on."""

    path: str
    line: int | None
    message: str
