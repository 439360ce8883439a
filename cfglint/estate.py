"""Many trees in one run: one after the other, so that the memory holds one at a time; in several processes where that
pays; and what is still as it was when an earlier run judged it is taken from the cache."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from cfglint.cache import Cache
from cfglint.engine import Report, Request, concluded, judge
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.findings import Failure
from cfglint.record import Judged, Record, Unrecordable, recalled, record, still_holds
from cfglint.trees import Group, Tree, empty, groups, included, reading, tree_of
from cfglint.witness import Witness

PAYS = 1.0
"""Seconds of work from which on other processes are started; starting them takes a tenth of that."""

Progress = Callable[[int, int], None]
"""Is told how many trees are judged, of how many."""


def cache_for(request: Request, paths: Sequence[str]) -> Cache:
    """The cache of runs like this one over the same paths."""
    shown = [list(targets) if targets else None for targets in request.targets]
    return Cache([*paths, shown, list(request.selection), request.installed_at])


def check(request: Request, files: Files, cache: Cache | None, progress: Progress) -> Report:
    """Judge all roots, as the engine does."""
    failures: list[Failure] = []
    found = groups(request.roots, files, failures)
    judged = _Run(request, files, found).judged(cache, progress)
    judgements = []
    outs = included([one.roots for one in judged], request.roots, lambda number: judged[number].routes_requests)
    for group, one, left_out in zip(found, judged, outs, strict=True):
        roots = [reading for path, reading in one.roots.items() if path not in left_out]
        failures += empty(reading.files[0] for reading in roots)
        if left_out and roots:
            tree: Any = _grown(request, files, group)
            for path in left_out:
                tree.leave_out(path)
            judgements.append(judge(tree, request.selection))
        elif roots:
            judgements.append(one.judgement)
    return concluded(request, judgements, failures)._replace(trees=_Trees(request, files))


def _grown(request: Request, files: Files, group: Group) -> Tree:
    return tree_of(group, files, request.targets, request.installed_at, request.database)


class _Run:
    """The trees of one run."""

    def __init__(self, request: Request, files: Files, found: list[Group]) -> None:
        self._request = request
        self._files = files
        self._groups = found

    def judged(self, cache: Cache | None, progress: Progress) -> list[Judged]:
        """All trees, in order."""
        names = [json.dumps(group) for group in self._groups]
        kept = cache.load() if cache is not None else {}
        known = [self._recalled(kept[name]) if name in kept else None for name in names]
        missing = [number for number, one in enumerate(known) if one is None]
        done = len(names) - len(missing)
        for number, found in zip(missing, self._records(missing), strict=True):
            known[number] = self._recalled(found) if found is not None else None
            if found is None or not found["keep"]:
                kept.pop(names[number], None)
            else:
                kept[names[number]] = found
            if known[number] is None:  # a file was written to meanwhile, or it cannot be put down
                known[number] = self._judged(number, Witness(self._files))
            done += 1
            progress(done, len(names))
        if cache is not None and (missing or len(kept) > len(names)):
            cache.save({name: kept[name] for name in names if name in kept})
        return [one for one in known if one is not None]

    def _recalled(self, found: Any) -> Judged | None:
        """A record that holds; None for one that does not, or is none."""
        witness = Witness(self._files)
        try:
            if still_holds(found, witness):
                return recalled(found, witness.sources)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            pass
        return None

    def _judged(self, number: int, witness: Witness) -> Judged:
        tree = _grown(self._request, witness, self._groups[number])
        whole = getattr(tree, "kamailio", None)
        routes_requests = whole is not None and bool(whole.routes_requests)
        return Judged(judge(tree, self._request.selection, self._request.spent), reading(tree), routes_requests)

    def record(self, number: int) -> Record | None:
        """Judge a tree; None where that cannot be put down."""
        witness = Witness(self._files)
        try:
            return record(self._judged(number, witness), witness)
        except (Unrecordable, UnreadableInput):
            return None
        finally:
            gc.collect()

    def _records(self, numbers: list[int]) -> Iterator[Record | None]:
        """The first here, and as soon as it shows that it pays, the others in processes of their own."""
        gc.freeze()  # what is here already stays: collecting what a tree leaves behind need not look at it
        try:
            began = time.monotonic()
            workers = _processors()
            for place, number in enumerate(numbers):
                yield self.record(number)
                spent = time.monotonic() - began
                left = len(numbers) - place - 1
                if workers > 1 and min(spent, spent / (place + 1) * left) > PAYS:
                    yield from self._elsewhere(numbers[place + 1 :], workers)
                    return
        finally:
            gc.unfreeze()

    def _elsewhere(self, numbers: list[int], workers: int) -> Iterator[Record | None]:
        from concurrent.futures import ProcessPoolExecutor
        from concurrent.futures.process import BrokenProcessPool
        from multiprocessing import get_context

        global _run
        _run = self  # the processes are forked, and have it from here
        done = 0
        executor = ProcessPoolExecutor(workers, get_context("fork"))
        try:
            for found in executor.map(_record, numbers, chunksize=4):
                yield found
                done += 1
        except BrokenProcessPool:  # one was killed: by the kernel, for want of memory
            for number in numbers[done:]:
                yield self.record(number)
        finally:
            executor.shutdown(cancel_futures=True)
            _run = None


_run: _Run | None = None


def _record(number: int) -> Record | None:
    assert _run is not None
    return _run.record(number)


def _processors() -> int:
    """How many this process may use; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Trees(Sequence[Tree]):
    """The trees of a run, made anew when somebody asks for one."""

    def __init__(self, request: Request, files: Files) -> None:
        self._groups = groups(request.roots, files, [])
        self._request = request
        self._files = files

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
