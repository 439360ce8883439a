"""Runs the checks over trees of configuration."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, overload

from cfglint import registry, suppress
from cfglint.discover import Root
from cfglint.edits import Fix
from cfglint.errors import CfglintError
from cfglint.files import Files
from cfglint.findings import Defect, Failure, Finding
from cfglint.knowledge.versions import Targets
from cfglint.namedtuples import NamedTuple
from cfglint.notices import NOTICES
from cfglint.policy import Policy
from cfglint.registry import Registered, Selection
from cfglint.source import Source
from cfglint.trees import Tree, trees

READING, MODELLING = "reading and parsing", "making the models"
LOADING, CONCLUDING = "loading the checks", "sorting what was found"
"""The phases of a run."""


class Request(NamedTuple):
    """What a run is asked for."""

    roots: list[Root]
    targets: Targets = Targets()
    selection: Selection = Selection()
    installed_at: str | None = None
    """The server's own configuration directory, where it is not /etc/asterisk."""
    database: str | None = None
    """The URL of the database that Kamailio's modules read, or ``auto`` for each module's own."""
    policy: Policy = Policy()
    files: Callable[[Mapping[str, str]], Files] = Files
    """Makes the files of the run, with overlays."""
    variables: Mapping[str, Any] | None = None
    """What templates are rendered with."""
    verbatim: bool = False
    """Text is what it is, also where it looks like a template."""
    spent: dict[str, float] | None = None
    """Fills up with the seconds that each phase and each check took, where that is wanted."""


class Report(NamedTuple):
    """What a run found, sorted by path, offset and check."""

    findings: list[Finding]
    failures: list[Failure]
    sources: list[Source]
    targets: Targets
    further_targets: tuple[Targets, ...] = ()
    """Those of other trees, where several were judged."""
    trees: Sequence[Tree] = ()
    """What was judged."""
    heard: frozenset[str] = frozenset()
    """The checks that ran to their end somewhere."""
    known: int = 0
    """Findings that are left out because they are no news."""

    def shown_targets(self) -> dict[str, str]:
        """Product to version, or versions."""
        shown = [targets.shown() for targets in (self.targets, *self.further_targets)]
        return {product: ", ".join(dict.fromkeys(one[product] for one in shown)) for product in shown[0]}


class Judgement(NamedTuple):
    """What the checks say of one tree."""

    language: str
    sources: list[Source]
    """Every file of what was judged."""
    findings: list[Finding]
    failures: list[Failure]
    ran: frozenset[str]
    """The checks that ran to their end."""


def check(request: Request, files: Files) -> Report:
    """Judge all roots. What cannot be read becomes a failure, and the run goes on."""
    failures: list[Failure] = []
    with timed(request.spent, READING):
        found = trees(request.roots, files, request.targets, request.installed_at, failures, request.database)
    judgements = [judge(tree, request.selection, request.spent) for tree in found]
    with timed(request.spent, CONCLUDING):
        return concluded(request, judgements, failures)._replace(trees=found)


def timed(spent: dict[str, float] | None, what: str) -> AbstractContextManager[None]:
    """Adds the time that the block takes, where that is wanted."""
    return _UNTIMED if spent is None else _timed(spent, what)


_UNTIMED = nullcontext()


@contextmanager
def _timed(spent: dict[str, float], what: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        spent[what] = spent.get(what, 0.0) + time.perf_counter() - began


def judge(tree: Tree, selection: Selection, spent: dict[str, float] | None = None) -> Judgement:
    """Run the checks on one tree."""
    failures: list[Failure] = []
    ran: set[str] = set()
    findings = list(map(_concealed, _run(tree, selection, failures, ran, spent)))
    sources = dict.fromkeys(source for config in tree.configs for source in config.files)
    failures += [Failure(at.source.path, at.start.line, text) for at, text in tree.limits()]
    failures += [Failure(error.path, None, error.reason) for error in tree.failures]
    return Judgement(tree.language, list(sources), findings, failures, frozenset(ran))


def concluded(request: Request, judgements: Iterable[Judgement], failures: list[Failure]) -> Report:
    """The report of a run: each defect once, without what comments and the settings leave out."""
    findings: list[Finding] = []
    sources: dict[Source, str] = {}
    heard: dict[Source, set[str]] = {}
    for judgement in judgements:
        findings += judgement.findings
        sources.update(dict.fromkeys(judgement.sources, judgement.language))
        failures += judgement.failures
        for source in judgement.sources:
            heard.setdefault(source, set()).update(judgement.ran)
    failures += [failure for source in sources if (failure := _cut_short(source)) is not None]

    def judged(source: Source, check: str) -> bool:
        return check in heard[source] or all(check != registered.id for registered in registry.every())

    kept, faults = suppress.apply(_distinct(findings), sources, judged, require_reasons=request.policy.require_reasons)
    kept += [_concealed(finding) for finding in faults if request.selection.takes(finding.check)]
    kept = request.policy.applied(kept)
    kept.sort(key=lambda finding: finding.sort_key)
    notices = (notice.id for notice in NOTICES if request.selection.takes(notice.id))
    ran = frozenset(notices).union(*heard.values())
    return Report(kept, list(dict.fromkeys(failures)), list(sources), request.targets, heard=ran)


def together(reports: list[Report]) -> Report:
    """Several runs as one report."""
    if len(reports) == 1:
        return reports[0]
    first, *others = dict.fromkeys(report.targets for report in reports) or [Targets()]
    return Report(
        sorted(dict.fromkeys(f for report in reports for f in report.findings), key=lambda finding: finding.sort_key),
        list(dict.fromkeys(failure for report in reports for failure in report.failures)),
        list(dict.fromkeys(source for report in reports for source in report.sources)),
        first,
        tuple(others),
        heard=frozenset(check for report in reports for check in report.heard),
        known=sum(report.known for report in reports),
    )


def joined(parts: Sequence[Report]) -> Report:
    """The parts of one report, each beginning where the one before ends, as a whole."""
    if len(parts) == 1:
        return parts[0]
    return parts[0]._replace(
        findings=[finding for part in parts for finding in part.findings],
        failures=[failure for part in parts for failure in part.failures],
        sources=[source for part in parts for source in part.sources],
        trees=_Chain([part.trees for part in parts]),
        heard=frozenset().union(*(part.heard for part in parts)),
        known=sum(part.known for part in parts),
    )


class _Chain(Sequence[Tree]):
    """The trees of several parts; one that is only made when somebody asks for it is not asked for here."""

    def __init__(self, parts: Iterable[Sequence[Tree]]) -> None:
        self._places = [(part, at) for part in parts for at in range(len(part))]

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Tree: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Tree]: ...
    def __getitem__(self, at: int | slice) -> Tree | Sequence[Tree]:
        if isinstance(at, slice):
            return [part[number] for part, number in self._places[at]]
        part, number = self._places[at]
        return part[number]


def _cut_short(source: Source) -> Failure | None:
    at = source.text.find("\0")
    if at < 0:
        return None
    text = "holds a NUL byte: is it binary, or UTF-16? the server reads the line only up to it"
    return Failure(source.path, source.position(at).line, text)


def _run(
    tree: Tree, selection: Selection, failures: list[Failure], ran: set[str], spent: dict[str, float] | None
) -> Iterator[Finding]:
    """The findings of one tree; notes the checks that ran to their end."""
    for family in tree.check_families:
        with timed(spent, MODELLING):
            subjects = list(_guarded(failures, f"the model for the {family} checks", tree.subjects, family))
        for subject in subjects:
            with timed(spent, LOADING):
                checks = registry.family(family)
            for registered in checks:
                if selection.takes(registered.id):
                    crashes = len(failures)
                    with timed(spent, registered.id):
                        yield from _guarded(failures, f"the check {registered.id}", _findings, registered, subject)
                    if len(failures) == crashes:
                        ran.add(registered.id)


def _guarded(
    failures: list[Failure], what: str, function: Callable[..., Iterable[Any]], *arguments: Any
) -> Iterator[Any]:
    """What a function yields; a crash ends only this function and is reported with its name."""
    try:
        yield from function(*arguments)
    except CfglintError:
        raise
    except Exception as error:  # noqa: BLE001 - the one guard: no defect in a check may hide the other findings
        from traceback import extract_tb  # slow to import, and no check crashes but by mistake

        at = extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__} in {os.path.basename(at.filename)}, line {at.lineno}"
        failures.append(Failure("", None, f"{what} failed: {reason}; please report this as a bug"))


def _findings(registered: Registered, subject: Any) -> Iterator[Finding]:
    check = registered.check
    for defect in check.find(subject):
        fix = check.fix(defect.subject) if check.fix is not None and defect.subject is not None else None
        if fix is not None and any(edit.place.source.foreign for edit in fix.edits):
            fix = None
        yield _finding(registered, defect, fix)


def _finding(registered: Registered, defect: Defect, fix: Fix | None) -> Finding:
    check = registered.check
    return Finding(
        registered.id,
        defect.level or check.level,
        defect.category or check.category,
        defect.message,
        defect.place,
        defect.notes,
        defect.request or check.request,
        defect.answers,
        fix,
    )


def _concealed(finding: Finding) -> Finding:
    """Without the secrets that stand in the lines it tells of: messages and titles quote them."""
    from cfglint.secrets import conceal  # a run that finds nothing has none to hide

    places = [finding.place, *(note.place for note in finding.notes)]
    message = conceal(finding.message, places)
    notes = tuple(note._replace(text=conceal(note.text, places)) for note in finding.notes)
    fix = finding.fix and finding.fix._replace(title=conceal(finding.fix.title, places))
    if (message, notes, fix) == (finding.message, finding.notes, finding.fix):
        return finding
    return finding._replace(message=message, notes=notes, fix=fix)


def _distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each defect once: a template or an included file is seen through many sections and roots."""
    seen = set()
    for finding in findings:
        key = (finding.check, finding.place.source.path, finding.place.span, finding.message)
        if key not in seen:
            seen.add(key)
            yield finding
