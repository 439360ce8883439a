"""Judges trees here, and as soon as it shows that it pays, in processes of their own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from cfglint.namedtuples import NamedTuple
from cfglint.record import Record

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

PAYS = 1.0
"""Seconds of work from which on other processes are started; starting them takes a tenth of that."""

AHEAD = 8
"""So many trees for each process are ordered before the first of them is fetched."""


class Done(NamedTuple):
    """What comes of judging a tree."""

    record: Record | None
    """None where it cannot be put down."""
    spent: dict[str, float]
    """The seconds that each phase and each check took, where that is wanted."""


Work = Callable[[int], Done]
"""Judges the tree of a number."""


class Workers:
    """Those who judge trees."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._count = _processors()
        self._spent = 0.0
        self._executor: ProcessPoolExecutor | None = None

    @property
    def ahead(self) -> int:
        """How many trees are to be ordered at once."""
        return AHEAD * self._count if self._executor is not None else 1

    def order(self, number: int) -> Callable[[], Done]:
        """Have a tree judged. What comes back fetches the outcome, for which it may have to be waited."""
        if self._executor is None:
            return partial(self._here, number)
        return partial(self._elsewhere, number, self._executor.submit(_judged, number))

    def _here(self, number: int) -> Done:
        began = time.monotonic()
        done = self._work(number)
        self._spent += time.monotonic() - began
        return done

    def _elsewhere(self, number: int, future: Future[Done]) -> Done:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return future.result()
        except BrokenProcessPool:  # one was killed: by the kernel, for want of memory
            self._count = 1
            self.close()
            return self._here(number)

    def consider(self, done: int, whole: int) -> None:
        """Start processes, if they pay now that so many trees of all are done."""
        left = self._spent / done * (whole - done)
        if self._executor is None and self._count > 1 and min(self._spent, left) > PAYS:
            self._start()

    def _start(self) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        global _work
        _work = self._work  # the processes are forked, and have it from here
        self._executor = ProcessPoolExecutor(self._count, get_context("fork"), _begin)

    def close(self) -> None:
        """Let the processes end; what was ordered and not begun is forgotten."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


_work: Work | None = None


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts speaks to the first process


def _judged(number: int) -> Done:
    assert _work is not None
    return _work(number)


def _processors() -> int:
    """How many this process may use; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
