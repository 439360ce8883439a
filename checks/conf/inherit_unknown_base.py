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
name is there and each section that asks for it has a type of its own, the edit takes it away; else it takes the one
template whose type fits the section's lines, if there is just one. Unsafe: another one may be meant.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import Suggestions
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import UNKNOWN_BASE, Config, Problem, folded
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import Header
from cfglint.syntax.comments import BLANKS

from ._loading import headers, item_extent, slip, stopping, unread
from ._sections import block_of, ends_a_section, fitting_template, include_of, is_apart, lines_below

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
        bad=";-- the phones --;\n[1001](«phone»)\nsecret=s3cret\n;--\n[old](!)\n--;\n[phone](!)\ntype=friend\n",
        good="[phone](!)\ntype=friend\n;--\n[1001](old)\n--;\n[1001](phone)\nsecret=s3cret\n",
        fixed=";-- the phones --;\n[phone](!)\ntype=friend\n[1001](phone)\nsecret=s3cret\n;--\n[old](!)\n--;\n",
    ),
    Example(
        bad="[deskphone](!)\ntype=friend\n[1001](«desk-phones»)\nsecret=s3cret\n",
        good="[deskphone](!)\ntype=friend\n[1001](deskphone)\nsecret=s3cret\n",
        fixed="[deskphone](!)\ntype=friend\n[1001](deskphone)\nsecret=s3cret\n",
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
    Example(
        bad={
            "pjsip.conf": "[one](!)\ntype=endpoint\n[two](!)\ntype=auth\n#include phones.conf\n",
            "phones.conf": "[1001](«phone»)\naors=1001\n[1002](two)\nusername=1002\n",
        },
        good={"pjsip.conf": "[one](!)\ntype=endpoint\n[1001](one)\naors=1001\n"},
        fixed={
            "pjsip.conf": "[one](!)\ntype=endpoint\n[two](!)\ntype=auth\n#include phones.conf\n",
            "phones.conf": "[1001](one)\naors=1001\n[1002](two)\nusername=1002\n",
        },
    ),
    Example(
        bad={
            "sip.conf": "[general]\n#include phones.conf\n#include templates.conf\n",
            "phones.conf": "[1001](«phone»)\nsecret=s3cret\n",
            "templates.conf": "[phone](!)\ntype=friend\n",
        },
        good={
            "sip.conf": "[general]\n#include templates.conf\n#include phones.conf\n",
            "phones.conf": "[1001](phone)\nsecret=s3cret\n",
            "templates.conf": "[phone](!)\ntype=friend\n",
        },
        fixed={
            "sip.conf": "[general]\n#include templates.conf\n#include phones.conf\n",
            "phones.conf": "[1001](phone)\nsecret=s3cret\n",
            "templates.conf": "[phone](!)\ntype=friend\n",
        },
    ),
]


class _Move(NamedTuple):
    """Lines that have to stand further up: a template, or the include that brings it."""

    what: str
    source: Source
    block: Span
    to: int


class _Drop(NamedTuple):
    """Items that ask for a section which exists nowhere."""

    places: list[Place]


class _Other(NamedTuple):
    """Another name for items, each with the place."""

    names: list[tuple[Place, str]]


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
    subject: _Move | _Drop | _Other | None = None
    text = f"there is no section [{name}] above to inherit from"
    if folded(name) in where:
        source, header = where[folded(name)]
        notes.insert(0, Note(Place(source, header.name_span), f"[{name}] is defined here"))
        text = f"[{name}] must be defined above the section that inherits from it"
        subject = _move(config, problem, source, header)
    elif meant := slip(name, known):
        text += f" (did you mean {meant}?)"
        subject = _Other([(p.place, meant) for p in problems])
    elif all(_is_whole(config, p) for p in problems):
        subject = _Drop([p.place for p in problems])
    else:
        subject = _fitting(config, problems)
    return stopping(config, problem, text, tuple(notes), subject)


def _move(config: Config, problem: Problem, source: Source, header: Header) -> _Move | None:
    """The way to put a template above its user: its lines in the same file, else the include in the root that brings
    it."""
    template = any(item.text == "!" for item in header.items or ())
    user = problem.place.source
    block = block_of(config.trees[source], header)
    if not template or not is_apart(config.trees[source], block):
        return None
    if source is user:
        to = source.line_span(problem.place.span.start)
        move = _Move("template", source, block, to.start)
        return move if header.start > to.start and is_apart(config.trees[source], to) else None
    first = include_of(config, user)
    if first is None or config.trees[config.root].marks:
        return None
    if source is config.root:
        return _Move("template", source, block, first.start) if header.start > first.start else None
    second = include_of(config, source)
    if (
        second is None
        or second.start < first.start
        or not ends_a_section(config.trees[config.root], second.end, includes=True)
    ):
        return None
    root = config.root
    return _Move("include of the template", root, root.line_span(second.start), root.line_span(first.start).start)


def _fitting(config: Config, problems: list[Problem]) -> _Other | None:
    """For each section the one template that makes something of it."""
    names = []
    for problem in problems:
        name = fitting_template(config, problem.place)
        if name is None:
            return None
        names.append((problem.place, name))
    return _Other(names)


def _is_whole(config: Config, problem: Problem) -> bool:
    """Has the section that asks for a base a type without it?"""
    source = problem.place.source
    header = config.header_above(source, problem.place.span.start)
    if header is None:
        return False
    bases = [section for item in header.items or () for section in config.named(item.text)[:1]]
    written = any(assignment.name == "type" for assignment in lines_below(config, source, header))
    return written or any(base.first("type") is not None for base in bases)


def fix(subject: Problem | _Move | _Drop | _Other) -> Fix | None:
    if isinstance(subject, _Drop):
        extents = [item_extent(place) for place in subject.places]
        edits = tuple(delete(extent) for extent in extents if extent is not None)
        return Fix("inherit only from what exists", edits) if len(edits) == len(extents) else None
    if isinstance(subject, _Other):
        names = " and ".join(dict.fromkeys(f"[{name}]" for _, name in subject.names))
        return Fix(f"inherit from {names}", tuple(replace(place, name) for place, name in subject.names))
    if isinstance(subject, Problem):
        name = subject.detail.strip(BLANKS)
        return Fix(f"inherit from [{name}]", (replace(subject.place, name),))
    block = Place(subject.source, subject.block)
    text = block.text if block.text.endswith("\n") else block.text + subject.source.newline
    return Fix(
        f"move the {subject.what} above its first use", (insert(subject.source, subject.to, text), delete(block))
    )


CHECK = Check(find, level="error", category="syntax", fix=fix)
