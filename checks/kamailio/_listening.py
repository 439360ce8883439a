"""What a server listens on."""

from __future__ import annotations

from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.items import Listen, Parameter, SocketBlock
from cfglint.syntax.kamailio.nodes import Number

ENABLE = ("enable_tls", "tls_enable")
DISABLE = ("disable_tls", "tls_disable")
TLS_MODULES = ("tls", "tls_wolfssl")


def enabling(kamailio: Kamailio) -> Parameter | None:
    """The line that switches TLS on, when no later one switches it off; it is off by default (core/main.c)."""
    lines = [i for i in kamailio.file.items if isinstance(i, Parameter) and i.name in (*ENABLE, *DISABLE)]
    if not lines or not isinstance(lines[-1].value, Number):
        return None
    return lines[-1] if (lines[-1].value.value != 0) == (lines[-1].name in ENABLE) else None


def listens(kamailio: Kamailio) -> list[Listen] | None:
    """The lines that say what is listened on; None where they are written in a way that is not followed."""
    if any(isinstance(item, SocketBlock) for item in kamailio.file.items):
        return None
    return [item for item in kamailio.file.items if isinstance(item, Listen)]
