"""Applies the fixes of findings, round after round, until nothing is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from cfglint.edits import UNSAFE, Draft, Edit, Fix, Occupied
from cfglint.engine import Report, Request, check
from cfglint.errors import FixLoop
from cfglint.findings import Finding
from cfglint.namedtuples import NamedTuple
from cfglint.source import Source
from cfglint.templating.detection import holds_markup
from cfglint.trees import trees

MAX_ROUNDS = 10
"""Fixes that have not come to rest after so many rounds undo each other."""


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
    if since is None:
        since = untouched(job)
    for _ in range(MAX_ROUNDS):
        outcome, left_out = _harmless(job, barred, since)
        if not left_out or len(outcome.applied) == len(since.applied):
            return outcome._replace(withheld=list(_withheld(job, outcome, left_out)))
        since = outcome  # what was left out may do good where the others have been made
    raise FixLoop(sorted({finding.check for finding in outcome.applied}))


def untouched(job: Job) -> Outcome:
    """What there is before anything was fixed."""
    report = check(job.request, job.request.files(job.overlays))
    return Outcome(report, report, [], {}, [])


def _withheld(job: Job, outcome: Outcome, left_out: Mapping[Identity, str]) -> Iterator[Unfixed]:
    templates: dict[Source, bool] = {}
    for finding in outcome.after.findings:
        if finding.fix is None or (finding.fix.safety == UNSAFE and not job.unsafe):
            continue
        if _edits_template(finding.fix, templates):
            yield Unfixed(finding, IN_TEMPLATE)
        elif identity(finding) in left_out:
            yield Unfixed(finding, left_out[identity(finding)])


def _harmless(job: Job, barred: frozenset[Identity], since: Outcome) -> tuple[Outcome, Mapping[Identity, str]]:
    """Apply the fixes that leave no new finding behind, and tell which do not."""
    left_out: dict[Identity, str] = {}
    while True:
        outcome, futile = _useful(job, barred.union(left_out), since)
        left_out |= futile
        if not _leaves_more(since.after, outcome.after):
            return outcome, left_out
        known = barred.union(left_out)

        def is_bad(others: frozenset[Identity], left: frozenset[Identity] = known) -> bool:
            return _leaves_more(since.after, _useful(job, left | others, since)[0].after)

        left_out |= dict.fromkeys(blame(outcome, since, is_bad), LEAVES_MORE)


class _Futile(Exception):
    """Fixes that must not be made, and why."""

    def __init__(self, identities: frozenset[Identity], reason: str) -> None:
        self.found = dict.fromkeys(identities, reason)


def _useful(job: Job, barred: frozenset[Identity], since: Outcome) -> tuple[Outcome, dict[Identity, str]]:
    """Apply the fixes that do what they are for, and tell which do not. An edit can miss, where a comment begins above
    it for example."""
    left_out: dict[Identity, str] = {}
    while True:
        try:
            return _fix(job, barred.union(left_out), since), left_out
        except _Futile as error:
            left_out |= error.found


def blame(outcome: Outcome, since: Outcome, is_bad: Callable[[frozenset[Identity]], bool]) -> frozenset[Identity]:
    """The fixes of an outcome that make it bad, found by halving; `is_bad` tells whether it is without some of them.

    Where only several together do harm, all of those are named.
    """
    applied = list(dict.fromkeys(identity(finding) for finding in outcome.applied[len(since.applied) :]))

    def search(part: list[Identity]) -> list[Identity]:
        if len(part) < len(applied) and not is_bad(frozenset(applied).difference(part)):
            return []
        if len(part) == 1:
            return part
        half = len(part) // 2
        return search(part[:half]) + search(part[half:]) or part

    return frozenset(search(applied))


def _fix(job: Job, barred: frozenset[Identity], since: Outcome) -> Outcome:
    drafts = {draft.path: draft.copy() for draft in since.drafts}
    texts, applied = dict(since.texts), list(since.applied)
    templates: dict[Source, bool] = {}
    current = {**job.overlays, **{path: after for path, (_, after) in texts.items()}}
    before, report = since.before, since.after
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


def _edits_template(fix: Fix, known: dict[Source, bool]) -> bool:
    """Does a fix touch a file with the marks of a template language? The server reads what is made of such a file."""
    for edit in fix.edits:
        source = edit.place.source
        if source not in known:
            known[source] = holds_markup(source.text)
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
