"""sl: stateless replies (modules/sl/sl_funcs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value, number_in
from cfglint.syntax.kamailio.tokens import String

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def send_reply(run: Run, arguments: Arguments) -> Value:
    """Reply; the script goes on. A status that is no number becomes the default, even a string of digits."""
    status, text = arguments.value(0, None), arguments.text(1)
    if isinstance(arguments.node(0), String) and "$" not in arguments.raw(0):
        status = number_in(arguments.raw(0))
    if isinstance(status, Unknown):
        run.assume(status.name)
        status = None
    if not isinstance(status, int):
        status = run.setup.number("sl", "default_code", 500)
        run.say(f"the status is no number, so it becomes {status}")
    if not 100 <= status <= 999:
        run.say(f"no reply is sent: {status} is no status")
        return -1
    run.reply(status, text.name if isinstance(text, Unknown) else text)
    return 1


def reply_with_reason(run: Run, arguments: Arguments) -> Value:
    """The same; from 6.0 on an empty reason is refused, and nothing is sent (modules/sl/sl_funcs.c)."""
    if run.setup.version >= (6, 0) and arguments.text(1) == "":
        run.say("no reply is sent: its reason is empty")
        return -1
    return send_reply(run, arguments)


def reply_error(run: Run, arguments: Arguments) -> Value:
    """The status of the error that happened last, 500 where none did."""
    run.reply(run.sent_error or 500, "error")
    return 1


FUNCTIONS = {
    "sl_send_reply": reply_with_reason,
    "sl_reply": reply_with_reason,
    "send_reply": reply_with_reason,
    "send_reply_error": reply_error,
    "sl_reply_error": reply_error,
    "sl_forward_reply": lambda run, arguments: 1,
}
