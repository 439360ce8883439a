"""An account demands encrypted media but may not register over TLS, where phones offer it.

Why it matters: with `encryption=yes` channels/chan_sip.c:process_sdp answers 488 to a call that offers plain RTP. Many
phones offer SRTP only when they are registered over TLS, as the key would be readable otherwise; the section allows
UDP or TCP alone.

An information: keys over UDP are possible, and some phones send them.

Client sees: a phone that offers plain RTP: INVITE -> 401 -> 488

Log:
    Matched device setup to use SRTP, but request was not!

RFC: 3261 section 21.4.26: 488 says that the offer does not suit this callee, and might suit another.

Verdict: deserved, if calls are to be encrypted.

Does not help: other codecs; TLS for the signalling alone, if the phone does not offer SRTP then.

Fix: allow `transport=tls` for the account, with `tlsenable=yes` in [general].
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.sip import Sip
from cfglint.model.values import is_true

from ._owners import by_option, inherited, shown

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad=_PHONE + "«encryption=yes»\n",
        good="[general]\ntlsenable=yes\n" + _PHONE + "encryption=yes\ntransport=tls\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.phones if (option := peer.get("encryption")) is not None)
    for option, peers in by_option(pairs):
        plain = [peer for peer in peers if not {"tls", "ws", "wss"} & set(sip.transports(peer))]
        plain = [peer for peer in plain if "tls" not in peer.value("transport", sip.setting("transport")).lower()]
        if is_true(option.value) and plain:
            message = f"{shown(plain)} must encrypt its media, but may not use TLS: a plain offer gets 488"
            yield Defect(option.place, message, inherited(option, plain), answers=(488,))


CHECK = Check(find, level="info", category="answer", request="INVITE")
