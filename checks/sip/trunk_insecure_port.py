"""A trunk is recognised only when it calls from one port.

Why it matters: over UDP channels/chan_sip.c:peer_ipcmp_cb_full compares the caller's port, too, with `port` of the
section or 5060. A provider that sends from another one is no known caller: 401 and 403 with allowguest=no, else a guest
in the context of [general].

An information: most providers send from 5060.

Client sees: with allowguest=no: INVITE -> 401

Log:
    Failed to authenticate device ... for ..., code = ...

RFC: 3261 section 18.2.2: the port for answers stands in Via; the one that a request comes from says nothing.

Verdict: spurious. The provider's address is listed.

Does not help: another `port`, if the provider uses many.

Fix: add `port` to `insecure`. Unsafe: every port of that address is let in.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown
from ._trunks import trunks

EXAMPLES = [
    Example(
        bad="[carrier]\ntype=peer\nhost=192.0.2.9\n«insecure=invite»\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\n",
        fixed="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in trunks(sip) if (option := peer.get("insecure")) is not None)
    for option, peers in by_option(pairs):
        narrow = [p for p in peers if p.insecure == {"invite"} and p.get("port") is None]
        narrow = [peer for peer in narrow if "udp" in sip.transports(peer)]
        if narrow:
            message = f"{shown(narrow)} is recognised only when the call comes from port 5060"
            yield Defect(option.place, message, inherited(option, narrow), option)


def fix(option: Option) -> Fix:
    return Fix("recognise every port of the address", (set_value(option, "port,invite"),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
