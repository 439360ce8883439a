"""sanity: is the message well formed? Those of a client of the requests file are (modules/sanity/sanity.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

PROXY_REQUIRE = 512
DEFAULT = 3047


def check(run: Run, arguments: Arguments) -> Value:
    """Replies itself where the message is at fault."""
    checks = arguments.number(0, run.setup.number("sanity", "default_checks", DEFAULT))
    required = run.message.header("proxy-require")
    supported = [word.strip() for word in run.setup.text("sanity", "proxy_require", "").split(",")]
    if required and isinstance(checks, int) and checks & PROXY_REQUIRE:
        missing = [word.strip() for word in required.split(",") if word.strip() not in supported]
        if missing:
            run.say(f"Proxy-Require asks for {missing[0]}")
            run.reply(420, "Bad Extension")
            return -1
    return 1


FUNCTIONS = {"sanity_check": check, "sanity_reply": lambda run, arguments: 1}
