"""Many trees in one run: one after the other, so that the memory holds one at a time; in several processes where that
pays; and what is still as it was when an earlier run judged it is taken from the cache."""

from __future__ import annotations

import gc
import json
import os
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from hashlib import blake2b
from importlib.util import find_spec
from itertools import islice
from typing import Any, overload

from cfglint.cache import Cache
from cfglint.engine import CONCLUDING, READING, Judgement, Report, Request, concluded, judge, timed, together
from cfglint.errors import CfglintError
from cfglint.files import Files
from cfglint.findings import Failure, Finding
from cfglint.record import Judged, Unrecordable, recalled, record, still_holds
from cfglint.rendered import concerns, reread
from cfglint.survey import Cluster, clusters
from cfglint.templating.detection import holds_markup
from cfglint.trees import Group, Reading, Tree, empty, groups, included, reading, tree_of
from cfglint.witness import Witness
from cfglint.workers import Done, Workers

Anew = Callable[[], Files]
"""Gives the files of a run, of which none has been read."""

Progress = Callable[[int, int], None]
"""Is told how many trees are judged, of how many."""


def cache_for(request: Request, paths: Sequence[str]) -> Cache:
    """The cache of runs like this one over the same paths."""
    shown = [list(targets) if targets else None for targets in request.targets]
    return Cache([*paths, shown, list(request.selection), request.installed_at, request.verbatim])


def check(request: Request, anew: Anew, cache: Cache | None, progress: Progress) -> Iterator[Report]:
    """Judge all roots, as the engine does. The report comes in parts: findings in their order, as soon as none can come
    before them any more, and with the last part what could not be done.

    Nothing of what is read stays, but with the parts. A tree with templates is judged as if it were alone.
    """
    failures: list[Failure] = []
    found = groups(request.roots, lambda path: anew().read(path), failures)
    clustered = clusters(found, anew, request.installed_at)
    waiting: list[Finding] = []
    told = [(-1, failures)]
    with closing(_Run(request, anew, found, cache).parts(clustered, progress)) as parts:
        for number, (cluster, part) in enumerate(zip(clustered, parts, strict=True), start=1):
            told.append((cluster.trees[0], part.failures))
            waiting = sorted([*waiting, *part.findings], key=lambda finding: finding.sort_key)
            ready = len(waiting)
            if number < len(clustered):
                ready = bisect_left(waiting, clustered[number].bound, key=lambda finding: finding.place.source.path)
            yield part._replace(findings=waiting[:ready], failures=[])
            del waiting[:ready]
    in_order = (failure for _, some in sorted(told, key=lambda one: one[0]) for failure in some)
    yield Report([], list(dict.fromkeys(in_order)), [], request.targets)


class _Run:
    """The trees of one run."""

    def __init__(self, request: Request, anew: Anew, found: list[Group], cache: Cache | None) -> None:
        self._request = request
        self._anew = anew
        self._groups = found
        self._roots = {root.path: root for root in request.roots}
        self._cache = cache
        self._kept: list[str] = []
        """The names of what is in the cache and still holds."""
        self._circumstances = _circumstances(request)

    def parts(self, clustered: list[Cluster], progress: Progress) -> Generator[Report, None, None]:
        """The report of each cluster."""
        gc.freeze()  # what is here already stays: collecting what a tree leaves behind need not look at it
        workers = Workers(self.work)
        trees = self._judged(clustered, workers, progress)
        try:
            for cluster in clustered:
                files, judged = zip(*islice(trees, len(cluster.trees)), strict=True)
                yield self._concluded(cluster, files[0], judged)
        finally:
            workers.close()
            gc.unfreeze()
            if self._cache is not None:
                self._cache.save(self._kept)

    def _judged(self, clustered: list[Cluster], workers: Workers, progress: Progress) -> Iterator[tuple[Files, Judged]]:
        """All trees, in the order of the clusters, each with the files of its cluster."""
        places = ((number, files) for files, cluster in self._with_files(clustered) for number in cluster.trees)
        ordered: deque[tuple[Files, Callable[[], Judged]]] = deque()
        for done in range(1, len(self._groups) + 1):
            for number, files in islice(places, max(0, workers.ahead - len(ordered))):
                ordered.append((files, self._ordered(number, files, workers)))
            files, judged = ordered.popleft()
            yield files, judged()
            progress(done, len(self._groups))
            workers.consider(done, len(self._groups))

    def _with_files(self, clustered: list[Cluster]) -> Iterator[tuple[Files, Cluster]]:
        for cluster in clustered:
            yield self._anew(), cluster

    def _ordered(self, number: int, files: Files, workers: Workers) -> Callable[[], Judged]:
        """What gives a tree's judgement: from the cache, else it is worked out."""
        name = json.dumps(self._groups[number])
        if self._cache is not None and name in self._cache:
            judged = self._recalled(self._cache.get(name), files)
            if judged is not None:
                self._kept.append(name)
                return lambda: judged
        return partial(self._worked_out, number, files, workers.order(number))

    def _worked_out(self, number: int, files: Files, order: Callable[[], Done]) -> Judged:
        found, spent = order()
        if self._request.spent is not None:
            for what, seconds in spent.items():
                self._request.spent[what] = self._request.spent.get(what, 0.0) + seconds
        judged = self._recalled(found, files) if found is not None else None
        if judged is None:  # a file was written to meanwhile, or it cannot be put down
            judged = self._judge(number, Witness(files), self._request.spent)
            gc.collect()
        elif self._cache is not None and found is not None and found["keep"]:
            self._cache.put(json.dumps(self._groups[number]), found)
        return judged

    def _recalled(self, found: Any, files: Files) -> Judged | None:
        """A record that holds; None for one that does not, or is none."""
        witness = Witness(files)
        try:
            if found["circumstances"] in ("", self._circumstances) and still_holds(found, witness):
                return recalled(found, witness.sources)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            pass
        return None

    def work(self, number: int) -> Done:
        """Judge a tree, here or in another process."""
        witness = Witness(self._anew())
        spent: dict[str, float] | None = None if self._request.spent is None else {}
        try:
            judged = self._judge(number, witness, spent)
            found = record(judged, witness)
            found["circumstances"] = self._circumstances if judged.is_settled else ""
            return Done(found, spent or {})
        except (Unrecordable, CfglintError):  # which is raised again when it is judged once more
            return Done(None, {})
        finally:
            gc.collect()
            gc.freeze()  # what is left, such as the checks, stays: only what the next tree leaves is looked at

    def _judge(
        self, number: int, witness: Witness, spent: dict[str, float] | None, left_out: Sequence[str] = ()
    ) -> Judged:
        """Judge a tree, some of its roots left out."""
        group = self._groups[number]
        roots = [self._roots[path] for path in group.paths if path not in left_out]
        alone = self._request._replace(roots=roots, spent=spent)
        templated = concerns(alone, witness)
        if templated is not None:
            firsts = {root.path: witness.read(root.path) for root in roots}
            others = [source for source in templated.report.sources if source not in firsts.values()]
            readings = {path: Reading([source, *others]) for path, source in firsts.items()}
            return Judged(_settled(templated.report, group.language), readings, True, True)
        with timed(spent, READING):
            tree: Any = _grown(self._request, witness, group)
            for path in left_out:
                tree.leave_out(path)
        whole = getattr(tree, "kamailio", None)
        routes_requests = whole is not None and bool(whole.routes_requests)
        judged = Judged(judge(tree, self._request.selection, spent), reading(tree), routes_requests)
        if self._request.verbatim or not any(holds_markup(source.text) for source in judged.judgement.sources):
            return judged
        report = reread(alone, witness, concluded(alone, [judged.judgement], []))
        return judged._replace(judgement=_settled(report, group.language), is_settled=True)

    def _concluded(self, cluster: Cluster, files: Files, trees: Sequence[Judged]) -> Report:
        """What is said of trees that may share files."""
        failures: list[Failure] = []
        plain: list[Judgement] = []
        reports: list[Report] = []
        roots = [self._roots[path] for number in cluster.trees for path in self._groups[number].paths]
        outs = included([one.roots for one in trees], roots, lambda at: trees[at].routes_requests)
        for number, one, left_out in zip(cluster.trees, trees, outs, strict=True):
            kept = [reading for path, reading in one.roots.items() if path not in left_out]
            if not kept:
                continue
            if left_out:
                one = self._judge(number, Witness(files), self._request.spent, left_out)
            judgement = one.judgement
            if one.is_settled:
                _, sources, findings, faults, ran = judgement
                reports.append(Report(findings, faults, sources, self._request.targets, heard=ran))
            else:
                failures += empty(reading.files[0] for reading in kept)
                plain.append(judgement)
        with timed(self._request.spent, CONCLUDING):
            report = concluded(self._request, plain, failures)
            whole = together([report, *reports]) if reports else report
        return whole._replace(trees=_Trees(self._request, files, [self._groups[number] for number in cluster.trees]))


def _circumstances(request: Request) -> str:
    """What, besides files, the judgement of templates depends on."""
    found = find_spec("jinja2")
    origin = found.origin if found is not None else None
    jinja = (origin, os.stat(origin).st_mtime_ns) if origin is not None else None
    whole = json.dumps([request.variables, request.policy, jinja], default=str)
    return blake2b(whole.encode(), digest_size=20).hexdigest()


def _settled(report: Report, language: str) -> Judgement:
    return Judgement(language, report.sources, report.findings, report.failures, report.heard)


def _grown(request: Request, files: Files, group: Group) -> Tree:
    return tree_of(group, files, request.targets, request.installed_at, request.database)


class _Trees(Sequence[Tree]):
    """Trees, made anew when somebody asks for one."""

    def __init__(self, request: Request, files: Files, found: list[Group]) -> None:
        self._request = request
        self._files = files
        self._groups = found

    def __len__(self) -> int:
        return len(self._groups)

    @overload
    def __getitem__(self, at: int) -> Tree: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Tree]: ...
    def __getitem__(self, at: int | slice) -> Tree | Sequence[Tree]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        return _grown(self._request, self._files, self._groups[at])
