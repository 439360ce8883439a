"""tmx: more of transactions (modules/tmx/tmx_mod.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.modules.tm import no_transaction, send_reply
from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def _runs_in(kind: str) -> Callable[[Run, Arguments], Value]:
    return lambda run, arguments: 1 if run.kind == kind else -1


def suspend(run: Run, arguments: Arguments) -> Value:
    """The transaction waits for something from outside."""
    run.assume("what goes on with the transaction that is suspended")
    return 1


FUNCTIONS = {
    "t_precheck_trans": no_transaction,
    "t_is_canceled": no_transaction,
    "t_is_branch_route": _runs_in("branch_route"),
    "t_is_failure_route": _runs_in("failure_route"),
    "t_is_reply_route": _runs_in("onreply_route"),
    "t_is_request_route": _runs_in("request_route"),
    "t_reply_callid": send_reply,
    "t_suspend": suspend,
    "t_continue": lambda run, arguments: 1,
    "t_cancel_branches": lambda run, arguments: 1,
    "t_cancel_callid": lambda run, arguments: -1,
    "t_flush_flags": lambda run, arguments: 1,
    "t_flush_xflags": lambda run, arguments: 1,
    "t_drop": lambda run, arguments: 0,
}
