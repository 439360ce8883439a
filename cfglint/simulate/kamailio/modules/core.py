"""The commands of the language itself (core/action.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import relaying, variables
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def nothing(run: Run, arguments: Arguments) -> Value:
    """Changes nothing that decides an answer."""
    return 1


def _flag(run: Run, arguments: Arguments) -> int:
    return run.setup.flag(arguments.raw(0))


def set_flag(run: Run, arguments: Arguments) -> Value:
    """Set a flag of the message."""
    run.flags.add(_flag(run, arguments))
    return 1


def reset_flag(run: Run, arguments: Arguments) -> Value:
    """Take a flag away."""
    run.flags.discard(_flag(run, arguments))
    return 1


def has_flag(run: Run, arguments: Arguments) -> Value:
    """Is a flag set?"""
    return 1 if _flag(run, arguments) in run.flags else -1


def _assigning(target: str) -> Callable[[Run, Arguments], Value]:
    def function(run: Run, arguments: Arguments) -> Value:
        variables.assign(run, target, arguments.raw(0))
        return 1

    return function


def set_host_and_port(run: Run, arguments: Arguments) -> Value:
    """Set host and port of the request-URI."""
    host, _, port = arguments.raw(0).partition(":")
    variables.assign(run, "$rd", host)
    variables.assign(run, "$rp", port)
    return 1


def prefix(run: Run, arguments: Arguments) -> Value:
    """Put something in front of the user of the request-URI."""
    return _change_user(run, lambda user: arguments.raw(0) + user)


def strip(run: Run, arguments: Arguments) -> Value:
    """Take characters from the front of the user of the request-URI."""
    count = arguments.number(0)
    return _change_user(run, lambda user: user[count if isinstance(count, int) else 0 :])


def strip_tail(run: Run, arguments: Arguments) -> Value:
    """Take characters from the end of the user of the request-URI."""
    count = arguments.number(0)
    return _change_user(run, lambda user: user[: max(len(user) - (count if isinstance(count, int) else 0), 0)])


def _change_user(run: Run, change: Callable[[str], str]) -> Value:
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    if uri is not None:
        run.uri = str(uri._replace(user=change(uri.user)))
    return 1


def revert_uri(run: Run, arguments: Arguments) -> Value:
    """Make the request-URI what it was when the message came."""
    run.uri = run.message.uri
    return 1


def clear_branches(run: Run, arguments: Arguments) -> Value:
    """Forget all further targets."""
    run.branches = []
    return 1


def forward(run: Run, arguments: Arguments) -> Value:
    """Send the request on without a transaction."""
    given = ""
    if len(arguments) and not arguments.raw(0).startswith("uri:"):
        port = f":{arguments.raw(1)}" if len(arguments) > 1 else ""
        given = f"sip:{arguments.raw(0)}{port}"
    return relaying.send_on(run, given)


FUNCTIONS = {
    "setflag": set_flag,
    "resetflag": reset_flag,
    "isflagset": has_flag,
    **dict.fromkeys(("rewriteuri", "seturi"), _assigning("$ru")),
    **dict.fromkeys(("rewritehost", "sethost", "seth"), _assigning("$rd")),
    **dict.fromkeys(("rewriteuser", "setuser", "setu", "rewriteuserpass", "setuserpass", "setup"), _assigning("$rU")),
    **dict.fromkeys(("rewriteport", "setport", "setp"), _assigning("$rp")),
    **dict.fromkeys(
        ("rewritehostport", "sethostport", "sethp", "rewritehostporttrans", "sethostporttrans", "sethpt"),
        set_host_and_port,
    ),
    "prefix": prefix,
    "strip": strip,
    "strip_tail": strip_tail,
    "revert_uri": revert_uri,
    "clear_branches": clear_branches,
    **dict.fromkeys(("forward", "forward_udp", "forward_tcp", "forward_tls", "forward_sctp"), forward),
    **dict.fromkeys(
        (
            "force_rport add_rport add_local_rport force_tcp_alias add_tcp_alias udp_mtu_try_proto force_send_socket"
            " set_advertised_address set_advertised_port set_forward_no_connect set_forward_close set_reply_no_connect"
            " set_reply_close setavpflag resetavpflag log error exec userphone remove_branch cfg_select cfg_reset"
        ).split(),
        nothing,
    ),
}
