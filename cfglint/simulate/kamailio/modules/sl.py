"""sl: stateless replies (modules/sl/sl_funcs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def send_reply(run: Run, arguments: Arguments) -> Value:
    """Reply; the script goes on. A status outside 100 to 699 or an empty reason is refused."""
    status, text = arguments.number(0, 500), arguments.text(1)
    if isinstance(status, Unknown):
        run.missing(status.name)
        run.reply(500, "")
        return 1
    if status is None or not 100 <= status <= 699:
        run.say("no reply is sent: that is no status")
        return -1
    reason = text.name if isinstance(text, Unknown) else text
    if not reason:
        run.say("no reply is sent: the reason is empty")
        return -1
    run.reply(status, reason)
    return 1


def reply_error(run: Run, arguments: Arguments) -> Value:
    """The status of the error that happened last, 500 where none did."""
    run.reply(run.sent_error or 500, "error")
    return 1


FUNCTIONS = {
    "sl_send_reply": send_reply,
    "send_reply": send_reply,
    "send_reply_error": reply_error,
    "sl_reply_error": reply_error,
    "sl_forward_reply": lambda run, arguments: 1,
}
