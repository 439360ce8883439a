"""A judgement as plain data with all that it depends on, so that it can be kept or come from another process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cfglint.edits import Edit, Fix
from cfglint.engine import Judgement
from cfglint.findings import Failure, Finding, Note
from cfglint.namedtuples import NamedTuple
from cfglint.secrets import reveals
from cfglint.source import Place, Source, Span
from cfglint.trees import Reading
from cfglint.witness import QUESTIONS, Witness

Record = dict[str, Any]


class Unrecordable(Exception):
    """A judgement says something about text that is in none of the files."""


class Judged(NamedTuple):
    """A tree that was judged."""

    judgement: Judgement
    roots: dict[str, Reading]
    routes_requests: bool
    is_settled: bool = False
    """Have comments and the settings been heard already, as for templates, which are judged as a whole?"""


def record(judged: Judged, witness: Witness) -> Record:
    """What may be kept (`keep`) holds no secret and no mistake of cfglint's own. Raises `Unrecordable`."""
    judgement, roots, routes_requests, is_settled = judged
    numbers = _Numbers(witness)
    findings = [_finding(finding, numbers) for finding in judgement.findings]
    edits = (edit for finding in judgement.findings if finding.fix is not None for edit in finding.fix.edits)
    return {
        "keep": not any(failure.path == "" for failure in judgement.failures) and not any(map(reveals, edits)),
        "asked": [[*question, answer] for question, answer in witness.asked.items()],
        "language": judgement.language,
        "roots": {path: [[numbers[source] for source in one.files], one.dormant] for path, one in roots.items()},
        "routes_requests": routes_requests,
        "is_settled": is_settled,
        "sources": [numbers[source] for source in judgement.sources],
        "findings": findings,
        "failures": [list(failure) for failure in judgement.failures],
        "ran": sorted(judgement.ran),
    }


class _Numbers(dict[Source, int]):
    """The numbers of the files that were read. Beside a template a file is read once more: it has the same number."""

    def __init__(self, witness: Witness) -> None:
        super().__init__(witness.read_so_far)
        self._known = {(source.path, source.text): number for source, number in self.items()}

    def __missing__(self, source: Source) -> int:
        try:
            return self._known[source.path, source.text]
        except KeyError:
            raise Unrecordable from None


def _finding(finding: Finding, numbers: Mapping[Source, int]) -> list[Any]:
    def where(place: Place) -> list[int]:
        return [numbers[place.source], *place.span]

    fix = finding.fix
    return [
        *finding[:4],
        where(finding.place),
        [[where(note.place), note.text] for note in finding.notes],
        finding.request,
        finding.answers,
        fix and [fix.title, fix.safety, [[where(edit.place), edit.replacement] for edit in fix.edits]],
    ]


def still_holds(kept: Record, witness: Witness) -> bool:
    """Would the same run get the same answers from the files now?"""
    return all(method in QUESTIONS and witness.ask(method, path) == answer for method, path, answer in kept["asked"])


def recalled(kept: Record, sources: Sequence[Source]) -> Judged:
    """The tree that was recorded. `sources` are those that a witness read when it was asked the same."""

    def place(where: Sequence[int]) -> Place:
        number, start, end = where
        return Place(sources[number], Span(start, end))

    findings = [
        Finding(
            check,
            level,
            category,
            message,
            place(at),
            tuple(Note(place(where), text) for where, text in notes),
            request,
            tuple(answers),
            fix and Fix(fix[0], tuple(Edit(place(where), replacement) for where, replacement in fix[2]), fix[1]),
        )
        for check, level, category, message, at, notes, request, answers, fix in kept["findings"]
    ]
    judgement = Judgement(
        kept["language"],
        [sources[number] for number in kept["sources"]],
        findings,
        [Failure(path, line, message) for path, line, message in kept["failures"]],
        frozenset(kept["ran"]),
    )
    roots = {
        path: Reading([sources[number] for number in numbers], dormant)
        for path, (numbers, dormant) in kept["roots"].items()
    }
    return Judged(judgement, roots, kept["routes_requests"], kept["is_settled"])
