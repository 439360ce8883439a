"""kex: what grew out of the core (modules/kex/kex_mod.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import variables
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def set_destination(run: Run, arguments: Arguments) -> Value:
    """Set the next hop."""
    run.destination_uri = arguments.raw(0)
    return 1


def reset_destination(run: Run, arguments: Arguments) -> Value:
    """Forget the next hop."""
    run.destination_uri = ""
    return 1


def has_destination(run: Run, arguments: Arguments) -> Value:
    """Is a next hop set?"""
    return 1 if run.destination_uri else -1


def is_myself(run: Run, arguments: Arguments) -> Value:
    """Is a URI, or a bare host, this server? Without a port any fits (kex_mod.c:w_is_myself)."""
    written = arguments.text(0)
    if isinstance(written, Unknown):
        return 1 if run.is_true(f"{written.name} is this server") else -1
    if not written.startswith(("sip:", "sips:")):
        return 1 if run.is_own(written, 0) else -1
    uri = variables.uri_of(run, written)
    return 1 if uri is not None and run.is_own(uri.host, uri.port, uri.parameter("transport")) else -1


def set_branch_flag(run: Run, arguments: Arguments) -> Value:
    """Set a flag of the branch."""
    run.branch_flags.add(_flag(run, arguments))
    return 1


def reset_branch_flag(run: Run, arguments: Arguments) -> Value:
    """Take a flag of the branch away."""
    run.branch_flags.discard(_flag(run, arguments))
    return 1


def has_branch_flag(run: Run, arguments: Arguments) -> Value:
    """Is a flag of the branch set?"""
    return 1 if _flag(run, arguments) in run.branch_flags else -1


def _flag(run: Run, arguments: Arguments) -> int:
    return run.setup.flag(arguments.raw(len(arguments) - 1))


FUNCTIONS = {
    "setdsturi": set_destination,
    "resetdsturi": reset_destination,
    "isdsturiset": has_destination,
    "is_myself": is_myself,
    "setbflag": set_branch_flag,
    "resetbflag": reset_branch_flag,
    "isbflagset": has_branch_flag,
    "setsflag": lambda run, arguments: 1,
    "resetsflag": lambda run, arguments: 1,
    "setdebug": lambda run, arguments: 1,
    "resetdebug": lambda run, arguments: 1,
    "pkg_status": lambda run, arguments: 1,
}
