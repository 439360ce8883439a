"""An account may not register over UDP, though other phones do, and most are set to it.

Why it matters: after a correct password channels/chan_sip.c:register_verify holds the transport that the REGISTER came
over against the account's `transport` list, and answers 403 when it is not there. With `transport=tcp` that happens to
every phone that is left at UDP, the usual default.

An information, as it is right for a phone that is set to TCP. Silent where [general] or all accounts say so, and where
`tls` or a web socket is asked for.

Client sees: over UDP, with the right password: REGISTER -> 401 -> 403

Log:
    '...' is not a valid transport for '...'. we only use '...'! ending call.
    Registration from '...' failed for '...' - Device not configured to use this transport type

RFC: 3261 section 18.2.1: a server takes requests over every transport that it listens on; which one an account uses is
for the server to say.

Verdict: depends. Deserved if the account is meant for TCP alone; spurious for a phone that was left as it came.

Does not help: typing the password again: it was right.

Fix: `transport=udp,tcp`. Unsafe: messages that are too large for UDP may be the reason for TCP.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown
from ._trunks import logs_in_there

_PHONE = "[{}]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\ntcpenable=yes\n" + _PHONE.format("1001") + "transport=«tcp»\n",
        good="[general]\ntcpenable=yes\ntransport=tcp\n" + _PHONE.format("1001") + "transport=tcp\n",
        fixed="[general]\ntcpenable=yes\n" + _PHONE.format("1001") + "transport=udp,tcp\n",
    ),
    Example(
        bad="[general]\ntcpenable=yes\n[tcp](!)\ntransport=«tcp»\n"
        + _PHONE.format("1001")
        + _PHONE.format("1002").replace("]", "](tcp)"),
        good="[general]\ntcpenable=yes\n[tcp](!)\ntransport=tcp\n"
        + _PHONE.format("1001").replace("]", "](tcp)")
        + _PHONE.format("1002").replace("]", "](tcp)"),
        fixed="[general]\ntcpenable=yes\n[tcp](!)\ntransport=udp,tcp\n"
        + _PHONE.format("1001")
        + _PHONE.format("1002").replace("]", "](tcp)"),
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    phones = [peer for peer in sip.phones if peer.secret is not None and not logs_in_there(peer)]
    if "udp" not in sip.transports(None) or (len(phones) > 1 and all(_by_tcp(sip, peer) for peer in phones)):
        return
    pairs = ((option, peer) for peer in phones if (option := peer.get("transport")) is not None and _by_tcp(sip, peer))
    for option, peers in by_option(pairs):
        message = f"{shown(peers)} may register by TCP only: a phone that is left at UDP gets 403"
        yield Defect(option.value_place, message, inherited(option, peers), subject=(option, peers), answers=(401, 403))


def _by_tcp(sip: Sip, peer: Peer) -> bool:
    return sip.transports(peer) == ["tcp"] and peer.value("transport").strip().lower() == "tcp"


def fix(subject: tuple[Option, list[Peer]]) -> Fix:
    option, peers = subject
    return Fix(f"let {shown(peers)} register by UDP, too", (set_value(option, "udp,tcp"),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
