"""tm: transactions, relaying and replies to them (modules/tm/tm.c, t_reply.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import relaying
from cfglint.simulate.kamailio.modules import sl
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def relay(run: Run, arguments: Arguments) -> Value:
    """Send the request on, by the next hop that is set, or by one that is given."""
    if run.message.method == "CANCEL":
        run.say("there is no call that the CANCEL belongs to")
        return -1
    given = ""
    if len(arguments) >= 2:
        given = f"sip:{arguments.raw(0)}:{arguments.raw(1)}"
    run.transaction = True
    return relaying.send_on(run, given)


def relay_to(run: Run, arguments: Arguments) -> Value:
    """Send the request on to ``protocol:host:port``; a number is a flag, not an address."""
    given = ""
    if len(arguments) and not arguments.raw(0).startswith("0x") and not arguments.raw(0).isdigit():
        protocol, _, rest = arguments.raw(0).partition(":")
        plain = protocol in ("udp", "tcp", "tls", "sctp")
        given = f"sip:{rest};transport={protocol}" if plain else f"sip:{arguments.raw(0)}"
    run.transaction = True
    return relaying.send_on(run, given)


def relay_by(transport: str) -> Callable[[Run, Arguments], Value]:
    """Send the request on over one transport."""

    def function(run: Run, arguments: Arguments) -> Value:
        given = f"sip:{arguments.raw(0)}:{arguments.raw(1)};transport={transport}" if len(arguments) >= 2 else ""
        run.transaction = True
        return relaying.send_on(run, given)

    return function


def new_transaction(run: Run, arguments: Arguments) -> Value:
    """Make a transaction."""
    run.transaction = True
    return 1


def reply(run: Run, arguments: Arguments) -> Value:
    """Reply by the transaction; without one nothing is sent."""
    if not run.transaction:
        run.say("no reply is sent: there is no transaction")
        return -1
    return sl.send_reply(run, arguments)


def send_reply(run: Run, arguments: Arguments) -> Value:
    """Reply by the transaction, which is made where there is none."""
    run.transaction = True
    return sl.send_reply(run, arguments)


def no_transaction(run: Run, arguments: Arguments) -> Value:
    """Does the message belong to an earlier one? Those that are simulated do not."""
    return -1


def _arm(name: str) -> Callable[[Run, Arguments], Value]:
    """Name the route that is to run later; 0 for none."""

    def function(run: Run, arguments: Arguments) -> Value:
        route = arguments.text(0)
        if isinstance(route, Unknown):
            run.assume(f"which route {arguments.call.name}() names")
            return 1
        setattr(run, name, "" if route == "0" else route)
        return 1

    return function


def check_status(run: Run, arguments: Arguments) -> Value:
    """Does the reply's status fit an expression? It need not fit as a whole."""
    pattern = arguments.text(0)
    if run.reply_status is None or isinstance(pattern, Unknown):
        return -1 if run.reply_status is None else 1
    try:
        return 1 if compiled(pattern, ignore_case=True).search(run.reply_status) else -1
    except (BadPattern, Untold):
        return -1


def is_set(run: Run, arguments: Arguments) -> Value:
    """Is a route armed?"""
    armed = {
        "failure_route": run.on_failure,
        "branch_route": run.on_branch,
        "onreply_route": run.on_reply,
    }.get(arguments.raw(0), "")
    return 1 if armed else -1


def timed_out(run: Run, arguments: Arguments) -> Value:
    """Was the reply made because nobody answered?"""
    return 1 if run.reply_status == "408" else -1


def replied(run: Run, arguments: Arguments) -> Value:
    """Did the branch get a reply?"""
    return 1 if run.reply_status not in (None, "408") else -1


def status_code(run: Run, arguments: Arguments) -> Value:
    """The status of the reply."""
    return int(run.reply_status) if run.reply_status is not None else -1


_SUCCEED = (
    "t_set_fr t_reset_fr t_set_retr t_reset_retr t_set_max_lifetime t_reset_max_lifetime t_set_auto_inv_100"
    " t_set_disable_6xx t_set_disable_failover t_set_no_e2e_cancel_reason t_set_disable_internal_reply"
    " t_set_no_auto_ack t_drop_replies t_save_lumps t_load_contacts t_use_uac_headers t_release t_replicate"
    " t_replicate_udp t_replicate_tcp t_replicate_to"
    " t_add_transaction t_uac_send t_msg_apply_changes t_cell_append_branches"
)

FUNCTIONS = {
    "t_relay": relay,
    "t_relay_to": relay_to,
    "t_relay_to_proxy": relay_to,
    "t_relay_to_udp": relay_by("udp"),
    "t_relay_to_tcp": relay_by("tcp"),
    "t_relay_to_tls": relay_by("tls"),
    "t_relay_to_sctp": relay_by("sctp"),
    "t_forward_nonack": relay,
    "t_forward_nonack_uri": relay,
    "t_forward_nonack_udp": relay_by("udp"),
    "t_forward_nonack_tcp": relay_by("tcp"),
    "t_forward_nonack_tls": relay_by("tls"),
    "t_newtran": new_transaction,
    "t_reply": reply,
    "t_send_reply": send_reply,
    "t_reply_error": sl.reply_error,
    "t_check_trans": no_transaction,
    "t_lookup_request": no_transaction,
    "t_lookup_cancel": no_transaction,
    "t_retransmit_reply": no_transaction,
    "t_relay_cancel": no_transaction,
    "t_is_canceled": no_transaction,
    "t_is_expired": no_transaction,
    "t_is_retr_async_reply": no_transaction,
    "t_next_contacts": no_transaction,
    "t_next_contact_flows": no_transaction,
    "t_on_failure": _arm("on_failure"),
    "t_on_branch": _arm("on_branch"),
    "t_on_reply": _arm("on_reply"),
    "t_on_branch_failure": lambda run, arguments: 1,
    "t_check_status": check_status,
    "t_is_set": is_set,
    "t_branch_timeout": timed_out,
    "t_any_timeout": timed_out,
    "t_branch_replied": replied,
    "t_any_replied": replied,
    "t_get_status_code": status_code,
    "t_grep_status": lambda run, arguments: 1 if run.reply_status == arguments.raw(0) else -1,
    **dict.fromkeys(_SUCCEED.split(), lambda run, arguments: 1),
}
