"""What Asterisk makes of a file and all it includes: sections in order, with inherited options, and all that went wrong
on the way."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import Assignment, File, Header

INDEXED = 64
"""A section with so many options has an index of their names."""


class Option(NamedTuple):
    """A variable of a section. `home` is the section it was written in, also where another one inherited it."""

    name: str
    """In lower case."""
    value: str
    assignment: Assignment
    source: Source
    start: int
    """Offset of its line."""
    home: Section

    @property
    def key(self) -> str:
        """The name as it is written."""
        return self.assignment.key

    @property
    def key_place(self) -> Place:
        """Where the name stands."""
        return self._place(self.assignment.key_span)

    @property
    def value_place(self) -> Place:
        """Where the value stands (empty: behind the operator)."""
        return self._place(self.assignment.value_span)

    @property
    def place(self) -> Place:
        """From the name to the end of the value."""
        return self._place(Span(self.assignment.key_span.start, self.assignment.value_span.end))

    @property
    def line_place(self) -> Place:
        """The whole line, its newline included."""
        return Place(self.source, self.source.line_span(self.start))

    def part_place(self, start: int, end: int) -> Place:
        """Characters `start` to `end` of the value; the whole value where it does not stand so in the file."""
        place = self.value_place
        if place.text != self.value:
            return place
        return Place(self.source, Span(place.span.start + start, place.span.start + end))

    def _place(self, span: Span) -> Place:
        return Place(self.source, Span(self.start + span.start, self.start + span.end))


class Section:
    """A section (struct ast_category). Sections of one name stay apart."""

    __slots__ = ("_named", "bases", "header", "incomplete", "name", "options", "source", "template")

    def __init__(self, name: str, source: Source, header: Header) -> None:
        self.name = name
        self.source = source
        self.header = header
        self.template = False
        self.bases: tuple[Section, ...] = ()
        self.options: list[Option] = []
        """In the loader's order: inherited ones where they were copied, then its own lines."""
        self.incomplete = False
        """Something that belongs here could not be read: a base that does not exist."""
        self._named: tuple[int, dict[str, list[Option]]] | None = None
        """For how many options, and the options by name; small sections go without."""

    def __repr__(self) -> str:
        return f"Section({self.name!r})"

    @property
    def name_place(self) -> Place:
        """The name between the brackets."""
        return Place(self.source, self.header.name_span)

    def all(self, name: str) -> list[Option]:
        """The options of a name (in lower case), in order."""
        return [option for option in self._candidates(name) if option.name == name]

    def first(self, name: str) -> Option | None:
        """The first option of a name."""
        return next((option for option in self._candidates(name) if option.name == name), None)

    def last(self, name: str) -> Option | None:
        """The last option of a name: the one that counts where a later line replaces an earlier one."""
        return next((option for option in reversed(self._candidates(name)) if option.name == name), None)

    def _candidates(self, name: str) -> list[Option]:
        """The options among which those of a name are: all of them, or in a large section what an index tells."""
        if len(self.options) < INDEXED:
            return self.options
        if self._named is None or self._named[0] != len(self.options):
            named: dict[str, list[Option]] = {}
            for option in self.options:
                named.setdefault(option.name, []).append(option)
            self._named = len(self.options), named
        return self._named[1].get(name, [])


NO_CATEGORY = "key-before-section"
UNKNOWN_BASE = "unknown-base"
UNKNOWN_TARGET = "unknown-target"
EMPTY_BASE = "empty-base"
DETACHED_OPTIONS = "detached-options"
NOT_FOUND = "include-not-found"
TOO_DEEP = "include-too-deep"
UNREADABLE = "include-unreadable"
NO_ARGUMENT = "directive-without-argument"
UNKNOWN_DIRECTIVE = "unknown-directive"
EXEC = "exec"
OPEN_COMMENT = "comment-open"
STRAY_CLOSE = "comment-stray-close"
IN_COMMENT = "file-in-comment"
LATE_BOM = "late-bom"
TOO_LARGE = "too-large"

ABORTS = "aborts"
"""The whole load fails: none of the root's sections exist."""
TRUNCATES = "truncates"
"""The rest of this included file is not read."""
IGNORED = "ignored"
"""The line has no effect."""


class Problem(NamedTuple):
    """Something the loader stumbled over. `kind` is a constant of this module or a fault of `cfglint.syntax.asterisk`;
    `detail` the name or file it is about; `other` a place that has to do with it."""

    kind: str
    place: Place
    effect: str
    detail: str = ""
    other: Place | None = None


class Config:
    """A root file and all it includes, as the server holds it."""

    def __init__(self, root: Source, path: str) -> None:
        self.root = root
        self.path = path
        """Where the root lies on disk."""
        self.sections: list[Section] = []
        self.problems: list[Problem] = []
        self.files: list[Source] = [root]
        """Every file read, the root first."""
        self.trees: dict[Source, File] = {}
        """The syntax of every file read."""
        self.aborted: Problem | None = None
        """Why the server rejects the whole, if it does."""
        self.incomplete = False
        """Some of it could not be read, or is made by a program: names that are missing here may exist there."""
        self._by_name: dict[str, list[Section]] = {}
        self._headers: dict[Source, list[Header]] = {}
        self._headers_by_name: dict[str, list[tuple[Source, Header]]] | None = None

    def named(self, name: str) -> list[Section]:
        """Sections (templates, too) of a name, whatever its case."""
        return self._by_name.get(folded(name), [])

    def add(self, section: Section) -> None:
        """Append a section."""
        self.sections.append(section)
        self._by_name.setdefault(folded(section.name), []).append(section)

    @cached_property
    def bases(self) -> frozenset[int]:
        """The ids of sections from which others inherit."""
        return frozenset(id(base) for section in self.sections for base in section.bases)

    @cached_property
    def templates(self) -> list[tuple[int, Section]]:
        """The templates, with their places among all sections."""
        return [(index, section) for index, section in enumerate(self.sections) if section.template]

    def begun_by(self, header: Header) -> list[int]:
        """The places, among all sections, of those that begin with a header: a file can be read more than once."""
        return self._places.get(id(header), [])

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for place, section in enumerate(self.sections):
            places.setdefault(id(section.header), []).append(place)
        return places

    def headers(self, source: Source) -> list[Header]:
        """The section headers of a file, in order."""
        known = self._headers.get(source)
        if known is None:
            known = self._headers[source] = [node for node in self.trees[source].nodes if isinstance(node, Header)]
        return known

    def headers_named(self, name: str) -> list[tuple[Source, Header]]:
        """The section headers of a name, whatever its case, in order of the files."""
        if self._headers_by_name is None:
            self._headers_by_name = {}
            for source in self.files:
                for header in self.headers(source):
                    self._headers_by_name.setdefault(folded(header.name), []).append((source, header))
        return self._headers_by_name.get(folded(name), [])

    def header_above(self, source: Source, offset: int) -> Header | None:
        """The last section header in front of an offset."""
        headers = self.headers(source)
        at = bisect_right(headers, offset, key=lambda header: header.start) - 1
        return headers[at] if at >= 0 else None


def folded(name: str) -> str:
    """A name as strcasecmp compares it: only the letters A to Z have a case."""
    return name.lower() if name.isascii() else name.translate(_ASCII_LOWER)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
