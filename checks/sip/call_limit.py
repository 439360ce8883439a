"""A phone may have one call only, so that it cannot ask back or transfer.

Why it matters: channels/chan_sip.c:update_call_counter counts calls to and from the phone together and answers 480
"Call limit" to one more. With `call-limit=1` a second call, also the one that a transfer begins with, is refused.

An information: it may be meant. For "busy while talking" there is `busylevel`.

Client sees: while another call stands: INVITE -> 401 -> 480

Log:
    Call ... ... '...' rejected due to usage limit of ...
    Call limit reached for device ... for ..., code = ...

RFC: 3261 section 21.4.18: 480 is meant for a callee who cannot be reached; here the caller is refused.

Verdict: deserved, if one call is all that is allowed.

Does not help: another codec or password.

Fix: `callcounter=yes` and `busylevel=1`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.editing import add_below
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n«call-limit=1»\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ncallcounter=yes\nbusylevel=1\ncall-limit=20\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ncallcounter=yes\nbusylevel=1\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.phones if (option := peer.get("call-limit")) is not None)
    for option, peers in by_option(pairs):
        if option.value == "1":
            message = f"{shown(peers)} may have one call: a second one, or a transfer, gets 480"
            yield Defect(option.place, message, inherited(option, peers), subject=(option, peers), answers=(401, 480))


def fix(subject: tuple[Option, list[Peer]]) -> Fix | None:
    option, peers = subject
    if any(peer.get(name) is not None for peer in peers for name in ("callcounter", "busylevel")):
        return None
    edits = (replace(option.key_place, "callcounter"), replace(option.value_place, "yes"))
    return Fix("count calls, but refuse only new ones", (*edits, add_below(option, ("busylevel", "1"))))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
