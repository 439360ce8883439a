"""A phone of type peer is recognised by the address and port it registered from, not by name.

Why it matters: channels/chan_sip.c:check_peer_ok looks a caller up by the user in From only among sections of type user
and friend. A phone of type peer is found by address and port; when its router gives it another port, calls get 401 and
403 until it registers again, although the registration still stands.

An information: phones in the same network keep their port, and `type=peer` is often chosen on purpose.

Client sees: after its port has changed: INVITE -> 401 -> 403

Log:
    Failed to authenticate device ... for ..., code = ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The phone is registered and knows the password.

Does not help: typing the password again: the section is not found, so nothing is compared.

Fix: `type=friend`, which is found by name as well. Unsafe: callers with that name are asked for its password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown

_GENERAL = "[general]\nallowguest=no\n"
EXAMPLES = [
    Example(
        bad=_GENERAL + "[1001]\ntype=«peer»\nhost=dynamic\nsecret=s3cret\n",
        good=_GENERAL + "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed=_GENERAL + "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if sip.admits_guests:
        return
    phones = (peer for peer in sip.phones if peer.roles == "p" and peer.secret is not None)
    pairs = ((peer.type_options[-1], peer) for peer in phones if "port" not in peer.insecure)
    for option, peers in by_option(pairs):
        message = f"{shown(peers)} is recognised only by the address and port it registered from"
        yield Defect(option.value_place, message, inherited(option, peers), option)


def fix(option: Option) -> Fix:
    return Fix("recognise the phone by name, too", (set_value(option, "friend"),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
