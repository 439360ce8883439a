"""tm: transactions, relaying and replies to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import relaying
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def relay(run: Run, arguments: Arguments) -> Value:
    """Send the request on and wait for the answer."""
    hop = relaying.next_hop(run)
    if isinstance(hop, Unknown):
        run.missing(hop.name)
        run.reply(200, "as the next hop answers", place=run.here)
        return 1
    if hop.error:
        run.say(f"{hop.written} cannot be reached")
        run.sent_error = hop.error
        return -1
    run.transaction = True
    if run.message.method == "ACK":
        return 1
    status = relaying.answer_of(run, hop)
    if isinstance(status, int):
        run.reply(status, f"as {hop.host}:{hop.port} answers", place=run.here)
    return 1


def check_transaction(run: Run, arguments: Arguments) -> Value:
    """Is there a transaction that the message belongs to?"""
    return -1


FUNCTIONS = {"t_relay": relay, "t_check_trans": check_transaction}
