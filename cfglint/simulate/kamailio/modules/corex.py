"""corex: commands that grew out of the core (modules/corex/corex_lib.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def append_branch(run: Run, arguments: Arguments) -> Value:
    """Add a target: the request-URI as it is, or the one that is given."""
    uri = arguments.text(0) if len(arguments) else run.uri
    run.branches.append((uri or run.uri, "" if isinstance(uri, Unknown) else run.destination_uri))
    return 1


FUNCTIONS = {
    "append_branch": append_branch,
    **dict.fromkeys(
        "send_udp send_tcp send_data msg_iflag_set msg_iflag_reset set_source_address".split(),
        lambda run, arguments: 1,
    ),
    "has_ruri_user": lambda run, arguments: -1 if "@" not in str(run.uri) else 1,
}
