"""A section's header adds with (+) to a section that is not there, or that is a template.

Why it matters: main/config.c:category_get_sep looks above this line for a section of the same name that is no template
and fits the filter behind the plus sign. If there is none, process_text_line gives up and the server rejects the whole
configuration: no peer, no endpoint and no transport is left. An included file ends at that line.

Client sees: any request -> no answer

Log:
    Category addition requested, but category '...' does not exist, line ... of ...
    Contents of ... are invalid and cannot be parsed

Verdict: spurious, for every phone there is.

Does not help: anything that is changed in the phone; a reload: the old configuration stays, and the next restart shows
it.

Fix: for a template write (+TEMPLATES=include); otherwise correct the name, put the section below the one it adds to, or
leave (+) out to begin a new section. What adds to nothing and names no type of its own is put in comments, so that all
the rest is loaded.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import Suggestions
from cfglint.resolve.asterisk import UNKNOWN_TARGET, Config, Problem, Section
from cfglint.source import Place, Span
from cfglint.syntax.asterisk import File

from ._loading import item_extent, slip, stands_alone, stopping, unread
from ._sections import block_of, ends_a_section, is_apart, lines_below

EXAMPLES = [
    Example(
        bad="[phone](!)\ntype=friend\n[phone](«+»)\nhost=dynamic\n",
        good="[phone](!)\ntype=friend\n[phone](+TEMPLATES=include)\nhost=dynamic\n",
        fixed="[phone](!)\ntype=friend\n[phone](+TEMPLATES=include)\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\n[reception](«+»)\ncallerid=Desk <1001>\n\n; end\n",
        good="[reception]\ntype=friend\nhost=dynamic\n[reception](+)\ncallerid=Desk <1001>\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\n;[reception](+)\n;callerid=Desk <1001>\n\n; end\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n[1002](«+»)\ntype=friend\nhost=dynamic\n",
        good="[1001]\ntype=friend\n[1002]\ntype=friend\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\n[1002]\ntype=friend\nhost=dynamic\n",
    ),
    Example(
        bad="[1001](«+»)\nhost=dynamic\n[1001]\ntype=friend\n\n[1002]\ntype=friend\n",
        good="[1001]\ntype=friend\n[1001](+)\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\n[1001](+)\nhost=dynamic\n\n[1002]\ntype=friend\n",
    ),
    Example(
        bad="[reception]\ntype=friend\n[recepton](«+»)\nhost=dynamic\n",
        good="[reception]\ntype=friend\n[reception](+)\nhost=dynamic\n",
        fixed="[reception]\ntype=friend\n[reception](+)\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n[1001](«+type=peer»)\nhost=dynamic\n",
        good="[1001]\ntype=peer\n[1001](+type=peer)\nhost=dynamic\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    missing: str | None = None
    alone: list[Problem] = []
    problems = [problem for problem in config.problems if problem.kind == UNKNOWN_TARGET or unread(problem)]
    known = Suggestions(s.name for s in config.sections if problems and not s.template and not s.incomplete)
    for problem in problems:
        missing = missing or unread(problem)
        if problem.kind != UNKNOWN_TARGET:
            continue
        if missing is not None:
            text = f"no [{problem.detail}] above to add to; it may be in {missing}, which could not be read here"
            yield Defect(problem.place, text, level="info", category="load")
        elif problem.other is None and stands_alone(config):
            alone.append(problem)
        else:
            yield _defect(config, problem, known)
    if alone:
        defect = _defect(config, alone[0], known)
        more = [Note(alone[1].place, f"so do {len(alone) - 1} more headers, next here")] if len(alone) > 1 else []
        yield defect._replace(notes=(*defect.notes, *more))


def _defect(config: Config, problem: Problem, known: Suggestions) -> Defect:
    name, filter_ = problem.detail, problem.place.text[1:]
    others = [s for s in config.named(name) if not s.incomplete]
    notes: tuple[Note, ...] = ()
    subject: Fix | None = None
    if problem.other is not None and not filter_:
        text, subject = f"[{name}] is a template, which (+) alone never adds to", _to_template(problem)
        notes = (Note(problem.other, f"[{name}] is made a template here"),)
    elif filter_:
        text = f"no section [{name}] above fits ({problem.place.text})"
        notes = tuple(Note(s.name_place, f"this [{name}] does not") for s in others[:1])
    else:
        meant = None if others else slip(name, known)
        text = f"there is no section [{name}] above to add to" + (f" (did you mean {meant}?)" if meant else "")
        notes = tuple(Note(s.name_place, f"[{name}] stands only here") for s in others[:1])
        subject = _mended(config, problem, others, meant)
    return stopping(config, problem, text, notes, subject)


def _to_template(problem: Problem) -> Fix:
    return Fix("add to the template", (replace(problem.place, "+TEMPLATES=include"),))


def _mended(config: Config, problem: Problem, others: list[Section], meant: str | None) -> Fix | None:
    """The name that was meant; the addition below what it adds to; a section of its own; or a comment."""
    source = problem.place.source
    header = config.header_above(source, problem.place.span.start)
    if header is None:
        return None
    if meant is not None:
        return Fix(f"add to [{meant}]", (replace(Place(source, header.name_span), meant),))
    file = config.trees[source]
    block = block_of(file, header)
    if not is_apart(file, block) or not ends_a_section(file, block.end):
        return None
    if others:
        return _moved(file, block, others[0])
    if any(assignment.name == "type" for assignment in lines_below(config, source, header)):
        extent = item_extent(problem.place)
        return None if extent is None else Fix(f"begin a section [{header.name}]", (delete(extent),))
    starts = [start for start in source.line_starts if block.start <= start < block.end]
    edits = tuple(insert(source, start, ";") for start in starts if source.line_text(start).strip())
    return Fix(f"put what would add to [{header.name}] in comments, so that the rest is loaded", edits)


def _moved(file: File, block: Span, target: Section) -> Fix | None:
    """The addition behind the lines of the section that it adds to."""
    source = file.source
    if target.source is not source or target.header.start < block.start:
        return None
    end = block_of(file, target.header).end
    if not ends_a_section(file, end):
        return None
    text = source.text[block.start : block.end]
    newline = "" if source.text[end - 1 : end] == "\n" else source.newline
    edits = (insert(source, end, newline + text), delete(Place(source, block)))
    return Fix(f"put the addition below [{target.name}]", edits)


def fix(made: Fix) -> Fix:
    return made


CHECK = Check(find, level="error", category="syntax", fix=fix)
