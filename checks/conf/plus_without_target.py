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

Fix: for a template write (+TEMPLATES=include); otherwise correct the name, or leave (+) out to begin a new section.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import Suggestions
from cfglint.resolve.asterisk import UNKNOWN_TARGET, Config, Problem
from cfglint.source import Place

from ._loading import slip_for, stands_alone, stopping, unread

EXAMPLES = [
    Example(
        bad="[phone](!)\ntype=friend\n[phone](«+»)\nhost=dynamic\n",
        good="[phone](!)\ntype=friend\n[phone](+TEMPLATES=include)\nhost=dynamic\n",
        fixed="[phone](!)\ntype=friend\n[phone](+TEMPLATES=include)\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\n[reception](«+»)\ncallerid=Desk <1001>\n",
        good="[reception]\ntype=friend\nhost=dynamic\n[reception](+)\ncallerid=Desk <1001>\n",
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
    subject = None
    if problem.other is not None and not filter_:
        text, subject = f"[{name}] is a template, which (+) alone never adds to", problem.place
        notes = (Note(problem.other, f"[{name}] is made a template here"),)
    elif filter_:
        text = f"no section [{name}] above fits ({problem.place.text})"
        notes = tuple(Note(s.name_place, f"this [{name}] does not") for s in others[:1])
    else:
        hint = "" if others else slip_for(name, known)
        text = f"there is no section [{name}] above to add to{hint}"
        notes = tuple(Note(s.name_place, f"[{name}] stands only here") for s in others[:1])
    return stopping(config, problem, text, notes, subject)


def fix(place: Place) -> Fix:
    return Fix("add to the template", (replace(place, "+TEMPLATES=include"),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
