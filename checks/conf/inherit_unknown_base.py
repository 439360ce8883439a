"""A section inherits from one that is not defined above it.

Why it matters: main/config.c:process_text_line looks for the base among the sections and templates read so far, under
exactly the text between the commas, blanks included. If there is none it gives up and the server rejects the whole
configuration: no peer, no endpoint and no transport is left. An included file ends at that line, and what stands below
it there is lost.

Client sees: any request -> no answer

Log:
    Inheritance requested, but category '...' does not exist, line ... of ...
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: define the base above its first use, take blanks out of the parentheses, or correct the name. Where nothing of that
name is there and each section that asks for it has a type of its own, the edit takes it away. Unsafe: its lines may be
missing then.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import Suggestions
from cfglint.resolve.asterisk import UNKNOWN_BASE, Config, Problem, folded
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import Directive, File, Header, Run, Trivia
from cfglint.syntax.comments import BLANKS

from ._loading import headers, item_extent, slip_for, stopping, unread

EXAMPLES = [
    Example(
        bad="[a](!)\ntype=friend\n[b](!)\nhost=dynamic\n[1001](a,« b»)\nsecret=s3cret\n",
        good="[a](!)\ntype=friend\n[b](!)\nhost=dynamic\n[1001](a,b)\nsecret=s3cret\n",
        fixed="[a](!)\ntype=friend\n[b](!)\nhost=dynamic\n[1001](a,b)\nsecret=s3cret\n",
    ),
    Example(
        bad="[1001](«phone»)\nsecret=s3cret\n[phone](!)\ntype=friend\n",
        good="[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
        fixed="[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n",
    ),
    Example(
        bad="[deskphone](!)\ntype=friend\n[1001](«desk-phones»)\nsecret=s3cret\n",
        good="[deskphone](!)\ntype=friend\n[1001](deskphone)\nsecret=s3cret\n",
    ),
    Example(
        bad="[1001](«phone»)\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good="[phone](!)\nqualify=yes\n[1001](phone)\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad={
            "pjsip.conf": "#include phones.conf\n",
            "phones.conf": "[1001](«phone»)\naors=1001\n[1002]\ntype=endpoint\n",
        },
        good={
            "pjsip.conf": "[phone](!)\ntype=endpoint\n#include phones.conf\n",
            "phones.conf": "[1001](phone)\naors=1001\n[1002]\ntype=endpoint\n",
        },
    ),
]


class _Move(NamedTuple):
    """A template that stands below the first section that uses it."""

    source: Source
    block: Span
    to: int


class _Drop(NamedTuple):
    """Items that ask for a section which exists nowhere."""

    places: list[Place]


def find(config: Config) -> Iterator[Defect]:
    missing: str | None = None
    first: dict[tuple[Source, str], list[Problem]] = {}
    for problem in config.problems:
        missing = missing or unread(problem)
        name = problem.detail.strip(BLANKS)
        if problem.kind != UNKNOWN_BASE or not name:
            continue
        if missing is not None:
            text = f"[{name}] is not defined above; it may be in {missing}, which could not be read here"
            yield Defect(problem.place, text, level="info", category="load")
        elif problem.other is not None:
            text = f"the blanks count as part of the name: there is no section [{problem.detail}]"
            note = Note(problem.other, f"without the blanks this is [{name}]")
            yield stopping(config, problem, text, (note,), problem)
        else:
            first.setdefault((problem.place.source, folded(name)), []).append(problem)
    if first:
        where = {folded(h.name): (s, h) for s, h in reversed(list(headers(config)))}
        known = Suggestions(section.name for section in config.sections)
        for problems in first.values():
            yield _unknown(config, problems, where, known)


def _unknown(
    config: Config, problems: list[Problem], where: dict[str, tuple[Source, Header]], known: Suggestions
) -> Defect:
    """One defect for a base, however many sections ask for it: it has one cause."""
    problem = problems[0]
    name = problem.detail.strip(BLANKS)
    notes = []
    if len(problems) > 1:
        notes.append(Note(problems[1].place, f"asked for in {len(problems) - 1} more places, next here"))
    move: _Move | _Drop | None = None
    text = f"there is no section [{name}] above to inherit from"
    if folded(name) in where:
        source, header = where[folded(name)]
        notes.insert(0, Note(Place(source, header.name_span), f"[{name}] is defined here"))
        text = f"[{name}] must be defined above the section that inherits from it"
        move = _move(config, problem, source, header)
    elif hint := slip_for(name, known):
        text += hint
    elif all(_is_whole(config, p) for p in problems):
        move = _Drop([p.place for p in problems])
    return stopping(config, problem, text, tuple(notes), move)


def _move(config: Config, problem: Problem, source: Source, header: Header) -> _Move | None:
    """The way to put a template above its user, when both stand in one file without block comments."""
    if source is not problem.place.source or header.start <= problem.place.span.start:
        return None
    file = config.trees[source]
    template = any(item.text == "!" for item in header.items or ())
    if not template or file.marks:
        return None
    return _Move(source, _block(file, header), source.line_span(problem.place.span.start).start)


def _block(file: File, header: Header) -> Span:
    """A section's lines, from its header to its last line that is neither blank nor a comment."""
    end = header.end
    for node in file.nodes[file.nodes.index(header) + 1 :]:
        if isinstance(node, (Header, Directive)):
            break
        if isinstance(node, Run):
            end = max([end, *(file.source.line_span(start).end for start, _ in file.entries(node))])
        elif not isinstance(node, Trivia):
            end = node.end
    return Span(header.start, end)


def _is_whole(config: Config, problem: Problem) -> bool:
    """Has the section that asks for a base a type of its own?"""
    at = problem.place.span.start
    sections = (s for s in config.sections if s.source is problem.place.source and s.header.start <= at < s.header.end)
    return any(section.first("type") is not None for section in sections)


def fix(subject: Problem | _Move | _Drop) -> Fix | None:
    if isinstance(subject, _Drop):
        extents = [item_extent(place) for place in subject.places]
        edits = tuple(delete(extent) for extent in extents if extent is not None)
        return Fix("inherit only from what exists", edits) if len(edits) == len(extents) else None
    if isinstance(subject, Problem):
        name = subject.detail.strip(BLANKS)
        return Fix(f"inherit from [{name}]", (replace(subject.place, name),))
    block = Place(subject.source, subject.block)
    text = block.text if block.text.endswith("\n") else block.text + subject.source.newline
    return Fix("move the template above its first use", (insert(subject.source, subject.to, text), delete(block)))


CHECK = Check(find, level="error", category="syntax", fix=fix)
