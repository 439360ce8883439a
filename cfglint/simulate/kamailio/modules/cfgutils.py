"""cfgutils: routes that are called by name, tests of values, locks and waiting (modules/cfgutils/cfgutils.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def route_exists(run: Run, arguments: Arguments) -> Value:
    """Is there a route of this name?"""
    name = arguments.text(0)
    if isinstance(name, Unknown):
        return 1 if run.is_true(f"there is a route {name.name}") else -1
    return 1 if ("route", name) in run.setup.routes else -1


def route_if_exists(run: Run, arguments: Arguments) -> Value:
    """Run a route, if there is one of this name."""
    name = arguments.text(0)
    if isinstance(name, Unknown):
        return Unknown(f"which route {arguments.raw(0)} is")
    return run.interpreter.called(name) if ("route", name) in run.setup.routes else -1


def is_int(run: Run, arguments: Arguments) -> Value:
    """Is a pseudo-variable an integer?"""
    value = arguments.value(0)
    if isinstance(value, Unknown):
        return 1 if run.is_true(f"{value.name} is an integer") else -1
    return 1 if isinstance(value, int) else -1


FUNCTIONS = {
    "check_route_exists": route_exists,
    "route_if_exists": route_if_exists,
    "is_int": is_int,
    **dict.fromkeys("lock unlock usleep sleep pkg_status shm_status core_hash".split(), lambda run, arguments: 1),
}
