"""Runs the checks over trees of configuration, and the fixes over their findings. The only module that knows all
rooms."""

from __future__ import annotations

import os
import re
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, overload

from cfglint import registry, suppress
from cfglint.discover import Root
from cfglint.edits import UNSAFE, Draft, Edit, Fix, Occupied
from cfglint.errors import CfglintError, FixLoop
from cfglint.files import Files
from cfglint.findings import Defect, Failure, Finding
from cfglint.knowledge.versions import Targets
from cfglint.notices import NOTICES
from cfglint.policy import Policy
from cfglint.registry import Registered, Selection
from cfglint.source import Source
from cfglint.trees import Tree, trees

READING, MODELLING = "reading and parsing", "making the models"
LOADING, CONCLUDING = "loading the checks", "sorting what was found"
"""The phases of a run."""

MAX_ROUNDS = 10
"""Fixes that have not come to rest after so many rounds undo each other."""


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


@contextmanager
def timed(spent: dict[str, float] | None, what: str) -> Iterator[None]:
    """Adds the time that the block takes, where that is wanted."""
    if spent is None:
        yield
        return
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
        at = traceback.extract_tb(error.__traceback__)[-1]
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


# ------------------------------------------------------------------------------------------------------------- fixing


class Outcome(NamedTuple):
    """The result of applying fixes until none is left."""

    before: Report
    after: Report
    drafts: list[Draft]
    """Files that changed, by path."""
    texts: dict[str, tuple[str, str]]
    """Path to the text before and after."""
    applied: list[Finding]
    withheld: list[Unfixed] = []  # noqa: RUF012 - never changed


class Unfixed(NamedTuple):
    """A finding whose fix was not made, and why."""

    finding: Finding
    reason: str


IN_TEMPLATE = "the file is a template, and the server reads what is made of it"
FUTILE = "the edit would not have the effect that it is for"
UNDONE = "it and another fix undo each other"
LEAVES_MORE = "it would leave a new finding behind"

Identity = tuple[str, str, str]
"""A finding's check, path and message: the same from one round to the next."""

Wanted = Callable[[Finding, Report, Mapping[str, str]], bool]
"""Is a finding's fix to be made? With the report that it stands in, and the texts that were changed until then."""


def everything(finding: Finding, report: Report, texts: Mapping[str, str]) -> bool:
    """All fixes are wanted."""
    return True


class Job(NamedTuple):
    """Which fixes are to be made of what."""

    request: Request
    overlays: Mapping[str, str]
    unsafe: bool
    wanted: Wanted = everything


def fix(job: Job, barred: frozenset[Identity] = frozenset(), since: Outcome | None = None) -> Outcome:
    """Apply the fixes of all findings but the barred ones, round after round, until nothing is left to do; `since`: go
    on from there.

    A fix that leaves its own finding or a new one behind is not made. Raises `FixLoop`.
    """
    for _ in range(MAX_ROUNDS):
        outcome, left_out = _harmless(job, barred, since)
        if not left_out or (since is not None and len(outcome.applied) == len(since.applied)):
            return outcome._replace(withheld=list(_withheld(job, outcome, left_out)))
        since = outcome  # what was left out may do good where the others have been made
    raise FixLoop(sorted({finding.check for finding in outcome.applied}))


def _withheld(job: Job, outcome: Outcome, left_out: Mapping[Identity, str]) -> Iterator[Unfixed]:
    templates: dict[Source, bool] = {}
    for finding in outcome.after.findings:
        if finding.fix is None or (finding.fix.safety == UNSAFE and not job.unsafe):
            continue
        if _edits_template(finding.fix, templates):
            yield Unfixed(finding, IN_TEMPLATE)
        elif identity(finding) in left_out:
            yield Unfixed(finding, left_out[identity(finding)])


def _harmless(job: Job, barred: frozenset[Identity], since: Outcome | None) -> tuple[Outcome, Mapping[Identity, str]]:
    """Apply the fixes that leave no new finding behind, and tell which do not."""
    left_out: dict[Identity, str] = {}
    while True:
        outcome, futile = _useful(job, barred.union(left_out), since)
        left_out |= futile
        start = outcome.before if since is None else since.after
        if not _leaves_more(start, outcome.after):
            return outcome, left_out
        known = barred.union(left_out)

        def is_bad(others: frozenset[Identity], left: frozenset[Identity] = known, old: Report = start) -> bool:
            return _leaves_more(old, _useful(job, left | others, since)[0].after)

        left_out |= dict.fromkeys(blame(outcome, since, is_bad), LEAVES_MORE)


class _Futile(Exception):
    """Fixes that must not be made, and why."""

    def __init__(self, identities: frozenset[Identity], reason: str) -> None:
        self.found = dict.fromkeys(identities, reason)


def _useful(job: Job, barred: frozenset[Identity], since: Outcome | None) -> tuple[Outcome, dict[Identity, str]]:
    """Apply the fixes that do what they are for, and tell which do not. An edit can miss, where a comment begins above
    it for example."""
    left_out: dict[Identity, str] = {}
    while True:
        try:
            return _fix(job, barred.union(left_out), since), left_out
        except _Futile as error:
            left_out |= error.found


def blame(
    outcome: Outcome, since: Outcome | None, is_bad: Callable[[frozenset[Identity]], bool]
) -> frozenset[Identity]:
    """The fixes of an outcome that make it bad, found by halving; `is_bad` tells whether it is without some of them.

    Where only several together do harm, all of those are named.
    """
    done = 0 if since is None else len(since.applied)
    applied = list(dict.fromkeys(identity(finding) for finding in outcome.applied[done:]))

    def search(part: list[Identity]) -> list[Identity]:
        if len(part) < len(applied) and not is_bad(frozenset(applied).difference(part)):
            return []
        if len(part) == 1:
            return part
        half = len(part) // 2
        return search(part[:half]) + search(part[half:]) or part

    return frozenset(search(applied))


def _fix(job: Job, barred: frozenset[Identity], since: Outcome | None) -> Outcome:
    drafts = {draft.path: draft.copy() for draft in since.drafts} if since is not None else {}
    texts = dict(since.texts) if since is not None else {}
    applied = list(since.applied) if since is not None else []
    templates: dict[Source, bool] = {}
    current = {**job.overlays, **{path: after for path, (_, after) in texts.items()}}
    report = since.after if since is not None else check(job.request, job.request.files(current))
    before = since.before if since is not None else report
    rounds: list[tuple[dict[str, str], frozenset[Identity]]] = [(dict(current), frozenset())]
    for _ in range(MAX_ROUNDS):
        occupied, chosen = Occupied(), []
        for finding in report.findings:
            fix = finding.fix
            if fix is None or (fix.safety == UNSAFE and not job.unsafe) or identity(finding) in barred:
                continue
            if _edits_template(fix, templates):
                continue
            if job.wanted(finding, report, current) and occupied.admit(fix):
                chosen.append(finding)
        if not chosen:
            changed = [drafts[path] for path in sorted(drafts) if texts[path][0] != texts[path][1]]
            return Outcome(before, report, changed, texts, applied)
        by_source: dict[Source, list[tuple[Edit, str]]] = {}
        for finding in chosen:
            for edit in finding.fix.edits if finding.fix is not None else ():
                by_source.setdefault(edit.place.source, []).append((edit, finding.check))
        for source, edits in by_source.items():
            draft = drafts.setdefault(source.path, Draft(source))
            first = texts.get(source.path, (source.text, ""))[0]
            draft.apply(edits)
            texts[source.path] = (first, draft.text)
            current[source.path] = draft.text
        applied += chosen
        rounds.append((dict(current), frozenset(map(identity, chosen))))
        loop = next((at for at, (earlier, _) in enumerate(rounds[:-1]) if earlier == current), None)
        if loop is not None:  # some undo what others do
            raise _Futile(frozenset().union(*(made for _, made in rounds[loop + 1 :])), UNDONE)
        present = Counter(map(_standing, report.findings))
        present.subtract(map(_standing, chosen))
        report = check(job.request, job.request.files(current))
        left = Counter(map(_standing, report.findings))
        futile = {identity(finding) for finding in chosen if left[_standing(finding)] > present[_standing(finding)]}
        if futile:
            raise _Futile(frozenset(futile), FUTILE)
    raise FixLoop(sorted({finding.check for finding in applied}))


def _standing(finding: Finding) -> tuple[Identity, str]:
    """A finding and the line that it stands in."""
    return identity(finding), finding.place.source.line_text(finding.place.span.start)


_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def _edits_template(fix: Fix, known: dict[Source, bool]) -> bool:
    """Does a fix touch a file with the marks of a template language? The server reads what is made of such a file."""
    for edit in fix.edits:
        source = edit.place.source
        if source not in known:
            known[source] = "{" in source.text and _MARKUP.search(source.text) is not None
        if known[source]:
            return True
    return False


def _leaves_more(old: Report, new: Report) -> bool:
    """Does a check find more in some file than it did before?"""
    counts = _counts(old)
    return any(count > counts[where] for where, count in _counts(new).items())


def read_with(request: Request, texts: Mapping[str, str]) -> set[str]:
    """The paths of all files that would be read if some had, or there were files with, other texts."""
    files = request.files(texts)
    found = trees(request.roots, files, request.targets, request.installed_at, [], request.database)
    return {source.path for tree in found for config in tree.configs for source in config.files}


def _counts(report: Report) -> Counter[tuple[str, str]]:
    return Counter((f.check, f.place.source.path) for f in report.findings if f.level != "info")


def identity(finding: Finding) -> Identity:
    """What a finding is known by from one round to the next."""
    return finding.check, finding.place.source.path, finding.message
