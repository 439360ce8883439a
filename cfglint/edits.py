"""Edits, fixes, which of them can be applied together, applying them, and the unified diff."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source, Span

SAFE = "safe"
UNSAFE = "unsafe"

CONTEXT = 3
"""Unchanged lines around each hunk of a patch."""


class Edit(NamedTuple):
    """Replace the text at a place. An empty span inserts."""

    place: Place
    replacement: str


class Fix(NamedTuple):
    """Edits that belong together.

    `safe`: the edit only makes the configuration do what its own lines already say, and nobody else gets in;
    `unsafe`: a human has to say whether that is meant.
    """

    title: str
    edits: tuple[Edit, ...]
    safety: str = UNSAFE


def insert(source: Source, offset: int, text: str) -> Edit:
    """Insert text at an offset."""
    return Edit(Place(source, Span(offset, offset)), text)


def replace(place: Place, text: str) -> Edit:
    """Put text in place of what stands there."""
    return Edit(place, text)


def delete(place: Place) -> Edit:
    """Take text away."""
    return Edit(place, "")


def insert_line_after(source: Source, offset: int, line: str) -> Edit:
    """Insert a line of its own below the one that holds `offset`, in the file's own line end."""
    end = source.line_span(offset).end
    if end == len(source.text) and not source.text.endswith("\n"):
        return insert(source, end, source.newline + line)
    return insert(source, end, line + source.newline)


class Occupied:
    """The spans that chosen edits already touch, per file."""

    def __init__(self) -> None:
        self._spans: dict[Source, list[Span]] = {}

    def admit(self, fix: Fix) -> bool:
        """Take a fix in if it touches nothing that is taken; two insertions at one offset collide, too.

        A fix whose own edits overlap is a mistake, and never taken.
        """
        if len(fix.edits) > 1 and _overlap(fix.edits):
            return False
        for edit in fix.edits:
            spans = self._spans.get(edit.place.source)
            if spans and _collides(edit.place.span, spans):
                return False
        for edit in fix.edits:
            spans = self._spans.setdefault(edit.place.source, [])
            span = edit.place.span
            spans.insert(bisect_right(spans, span), span)
        return True


def _collides(span: Span, spans: Sequence[Span]) -> bool:
    """Does `span` touch one of the sorted, disjoint `spans`?"""
    at = bisect_right(spans, span)
    return any(
        (span.start < other.end and other.start < span.end) or span.start == other.start
        for other in spans[max(at - 1, 0) : at + 1]
    )


def _overlap(edits: Sequence[Edit]) -> bool:
    """Do two edits of one file replace the same text?"""
    ordered = sorted(edits, key=lambda edit: edit.place.span)
    return any(
        one.place.span.end > other.place.span.start
        for source in {edit.place.source for edit in edits}
        for one, other in pairwise([edit for edit in ordered if edit.place.source is source])
    )


class Opcode(NamedTuple):
    """As difflib's: lines ``i1:i2`` of the first text became lines ``j1:j2`` of the second."""

    tag: str
    i1: int
    i2: int
    j1: int
    j2: int


class Draft:
    """One file's text while fixes are applied to it, round after round, and the patch from its first state.

    Each line remembers which line of the first state it is, so that the patch of thousands of edits is written in time
    linear in the file: a comparison of the two texts would be quadratic.
    """

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self._before = _lines(source.text)
        self._lines = self._before
        self._origins: list[int | None] = list(range(len(self._before)))
        self._titles: dict[int, list[str]] = {}

    def copy(self) -> Draft:
        """The same, to go on with in another way."""
        other = Draft.__new__(Draft)
        other.path, other._before, other._lines = self.path, self._before, self._lines
        other._origins, other._titles = self._origins, {line: list(titles) for line, titles in self._titles.items()}
        return other

    @property
    def text(self) -> str:
        """The text as it is now."""
        return "".join(self._lines)

    def apply(self, edits: Iterable[tuple[Edit, str]]) -> None:
        """Carry out edits of the text as it is now, none touching another, each with the title its hunk shall carry."""
        starts = [0, *accumulate(len(line) for line in self._lines)]
        lines: list[str] = []
        origins: list[int | None] = []
        done = 0
        waiting = deque(_by_lines(edits, starts, len(self._lines)))
        while waiting:
            first, last, group = waiting.popleft()
            changed = self._changed(first, last, group, starts)
            while changed and changed[-1][-1] != "\n" and last < len(self._lines):
                last += 1  # the line end is gone: the next line becomes part of this one
                if waiting and waiting[0][0] < last:
                    _, last, more = waiting.popleft()
                    group += more
                changed = self._changed(first, last, group, starts)
            lines += self._lines[done:first]
            lines += changed
            origins += self._origins[done:first]
            origins += [None] * len(changed)
            anchor = next((o for line in range(last - 1, -1, -1) if (o := self._origins[line]) is not None), 0)
            self._titles.setdefault(anchor, []).extend(title for _, title in group)
            done = last
        lines += self._lines[done:]
        origins += self._origins[done:]
        self._lines, self._origins = lines, origins

    def _changed(self, first: int, last: int, group: list[tuple[Edit, str]], starts: list[int]) -> list[str]:
        """What edits make of the lines from `first` up to `last`."""
        return _lines(_replaced("".join(self._lines[first:last]), starts[first], [edit for edit, _ in group]))

    def diff(self, *, new: bool = False) -> str:
        """The patch from the first state, or from no file (`new`), to this one, with ``a/`` and ``b/`` prefixes; empty
        when nothing changed.

        ``git apply`` and ``patch -p1`` take it, in the root directory if the path is absolute. Each hunk's heading
        names what was done there.
        """
        hunks = list(self._hunks())
        if not hunks:
            return ""
        path = self.path.lstrip("/")
        out = ["--- /dev/null\n" if new else f"--- {_name('a/' + path)}\n", f"+++ {_name('b/' + path)}\n"]
        for hunk in hunks:
            i1, i2, j1, j2 = hunk[0].i1, hunk[-1].i2, hunk[0].j1, hunk[-1].j2
            titles = (title for line in range(i1, max(i2, i1 + 1)) for title in self._titles.get(line, ()))
            heading = ", ".join(dict.fromkeys(titles))
            out.append(f"@@ -{_range(i1, i2)} +{_range(j1, j2)} @@ {heading}".rstrip() + "\n")
            for tag, a1, a2, b1, b2 in hunk:
                if tag == "equal":
                    out += [_marked(" ", line) for line in self._before[a1:a2]]
                else:
                    out += [_marked("-", line) for line in self._before[a1:a2]]
                    out += [_marked("+", line) for line in self._lines[b1:b2]]
        return "".join(out)

    def _hunks(self) -> Iterator[list[Opcode]]:
        """Changes with their context, those that lie near each other together."""
        hunk: list[Opcode] = []
        for tag, i1, i2, j1, j2 in self._opcodes():
            if tag != "equal":
                hunk.append(Opcode(tag, i1, i2, j1, j2))
                continue
            if hunk and i2 - i1 > 2 * CONTEXT:
                yield [*hunk, Opcode(tag, i1, i1 + CONTEXT, j1, j1 + CONTEXT)]
                hunk = []
            lead = min(CONTEXT, i2 - i1) if not hunk else i2 - i1
            hunk.append(Opcode(tag, i2 - lead, i2, j2 - lead, j2))
        if len(hunk) > 1 or (hunk and hunk[0].tag != "equal"):
            tag, i1, i2, j1, j2 = hunk[-1]
            if tag == "equal":
                hunk[-1] = Opcode(tag, i1, min(i2, i1 + CONTEXT), j1, min(j2, j1 + CONTEXT))
            yield hunk

    def _opcodes(self) -> Iterator[Opcode]:
        """Equal and changed stretches by turns."""
        equal = Opcode("equal", 0, 0, 0, 0)
        for opcode in self._stretches():
            if opcode.tag == "equal":
                equal = Opcode("equal", equal.i1, opcode.i2, equal.j1, opcode.j2)
                continue
            if equal.i2 > equal.i1:
                yield equal
            yield opcode
            equal = Opcode("equal", opcode.i2, opcode.i2, opcode.j2, opcode.j2)
        if equal.i2 > equal.i1:
            yield equal

    def _stretches(self) -> Iterator[Opcode]:
        """Lines that kept their origin, in runs, and what came in place of the others."""
        run_i = run_j = i = j = 0
        for at, origin in [*enumerate(self._origins), (len(self._lines), len(self._before))]:
            if origin is None:
                continue
            if origin == i and at == j and at < len(self._lines):
                i, j = i + 1, j + 1
                continue
            if i > run_i:
                yield Opcode("equal", run_i, i, run_j, j)
            if origin > i or at > j:
                yield from self._compared(i, origin, j, at)
            run_i, run_j, i, j = origin, at, origin + 1, at + 1

    def _compared(self, i1: int, i2: int, j1: int, j2: int) -> Iterator[Opcode]:
        """A changed stretch is small, so difflib may look into it."""
        if i1 == i2 or j1 == j2 or (i2 - i1 == 1 and j2 - j1 == 1 and self._before[i1] != self._lines[j1]):
            yield Opcode("insert" if i1 == i2 else "delete" if j1 == j2 else "replace", i1, i2, j1, j2)
            return
        from difflib import SequenceMatcher  # slow to import, and of no use to a run that changes nothing

        matcher = SequenceMatcher(None, self._before[i1:i2], self._lines[j1:j2], autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            yield Opcode(tag, i1 + a1, i1 + a2, j1 + b1, j1 + b2)


def _by_lines(
    edits: Iterable[tuple[Edit, str]], starts: list[int], count: int
) -> Iterator[tuple[int, int, list[tuple[Edit, str]]]]:
    """The edits in groups that share lines: first line, line behind the last, the edits."""
    group: list[tuple[Edit, str]] = []
    first = last = -1
    for edit, title in sorted(edits, key=lambda item: item[0].place.span):
        span = edit.place.span
        at = max(min(bisect_right(starts, span.start) - 1, count - 1), 0)
        until = min(max(bisect_right(starts, max(span.end - 1, span.start)), at + 1), count)
        if group and at < last:
            group.append((edit, title))
            last = max(last, until)
            continue
        if group:
            yield first, last, group
        group, first, last = [(edit, title)], at, until
    if group:
        yield first, last, group


def _replaced(text: str, offset: int, edits: Iterable[Edit]) -> str:
    """`text`, which begins at `offset` of its file, with edits carried out."""
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: e.place.span):
        span = edit.place.span
        parts += [text[done : span.start - offset], edit.replacement]
        done = span.end - offset
    parts.append(text[done:])
    return "".join(parts)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """A file's text with edits, none touching another, carried out."""
    return _replaced(text, 0, edits)


def texts_of(fix: Fix) -> dict[str, str]:
    """The texts of the files that a fix edits as they are afterwards, by path."""
    sources = {edit.place.source for edit in fix.edits}
    return {s.path: applied(s.text, [edit for edit in fix.edits if edit.place.source is s]) for s in sources}


def _lines(text: str) -> list[str]:
    r"""Lines with their ends; a line ends at ``\n`` alone, a carriage return belongs to its line."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _range(start: int, stop: int) -> str:
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"


def _name(path: str) -> str:
    """A path as git writes it into a patch's header: quoted like a C string when it has to be."""
    if all(" " < c < "\x7f" and c not in '"\\' for c in path):
        return path
    if all(" " <= c < "\x7f" and c not in '"\\' for c in path):
        return path + "\t"  # a tab tells where a name with blanks ends
    quoted = "".join(
        "\\" + chr(byte) if chr(byte) in '"\\' else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{quoted}"'
