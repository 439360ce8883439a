"""An account may only use a transport that the server does not listen on.

Why it matters: TCP needs `tcpenable`, TLS `tlsenable` in [general]. A transport whose listener is off is taken from an
account's list, and if none is left the list of [general] applies, usually UDP (channels/chan_sip.c:build_peer). The
phone that was set to TCP or TLS finds nobody who listens.

Client sees: REGISTER -> connection refused

Log:
    '...' is not a valid transport type when ...enable=no.

RFC: 3261 section 18.2.1: where a server listens for UDP it has to listen for TCP, too.

Verdict: spurious. The account allows what the server does not offer.

Does not help: typing the password again: it is never sent.

Fix: switch the listener on. Unsafe: it opens a port. TLS needs a certificate besides.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option, set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Section

from ._owners import by_option, inherited, shown

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\nbindport=5060\n" + _PHONE + "«transport=tcp»\n",
        good="[general]\nbindport=5060\n" + _PHONE + "transport=udp,tcp\n",
        fixed="[general]\nbindport=5060\ntcpenable=yes\n" + _PHONE + "transport=tcp\n",
    ),
    Example(
        bad="[general]\ntlsenable=no\n" + _PHONE + "«transport=tls»\n",
        good="[general]\ntlsenable=yes\n" + _PHONE + "transport=tls\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if sip.general is None or sip.config.incomplete:
        return  # the listeners may be switched on in what is not here
    off = {name for name, on in (("tcp", sip.listens_tcp), ("tls", sip.listens_tls)) if not on}
    if not off:
        return
    pairs = ((option, peer) for peer in sip.phones if (option := peer.get("transport")) is not None)
    for option, peers in by_option(pairs):
        wanted = {item.strip().lower()[:3] for item in option.value.split(",")}
        if wanted and wanted <= off:
            names = " and ".join(sorted(name.upper() for name in wanted))
            message = f"chan_sip does not listen for {names}, so {shown(peers)} cannot use it"
            subject = sip.general if wanted == {"tcp"} else None
            yield Defect(option.place, message, inherited(option, peers), subject)


def fix(general: Section) -> Fix | None:
    option = general.last("tcpenable")
    if option is not None:
        return Fix("listen for TCP", (set_value(option, "yes"),)) if option.home is general else None
    return Fix("listen for TCP", (add_option(general, ("tcpenable", "yes")),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
