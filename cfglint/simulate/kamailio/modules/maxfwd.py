"""maxfwd: the Max-Forwards header (modules/maxfwd/maxfwd.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def process(run: Run, arguments: Arguments) -> Value:
    """-1 when no hop is left; else one hop less, at most the configured limit."""
    if run.max_forwards is None:
        return 2
    if run.max_forwards == 0:
        run.say("Max-Forwards is 0")
        return -1
    limit = run.setup.number("maxfwd", "max_limit", 70)
    run.max_forwards = min(run.max_forwards - 1, limit)
    return 1


def is_below(run: Run, arguments: Arguments) -> Value:
    """Is Max-Forwards lower than a number?"""
    limit = arguments.number(0)
    if run.max_forwards is None or not isinstance(limit, int):
        return -1
    return 1 if run.max_forwards < limit else -1


FUNCTIONS = {"mf_process_maxfwd_header": process, "process_maxfwd": process, "is_maxfwd_lt": is_below}
