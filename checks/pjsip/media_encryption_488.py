"""An endpoint takes encrypted calls only; a phone that does not encrypt gets 488.

Why it matters: with `media_encryption` (or `webrtc=yes`, which stands for DTLS) the offer has to be for that kind of
encryption, and with `use_avpf=yes` for the feedback profile, exactly; anything else gets 488
(res_pjsip_sdp_rtp.c:check_endpoint_media_transport). Right for phones that are set up for it.
`media_encryption_optimistic=yes` lets the others call, too.

Client sees: INVITE -> 401 -> 488

RFC: 3261 section 21.4.26: 488 says that the offer does not suit this callee, and might suit another.

Verdict: deserved, if calls are to be encrypted; else the endpoint asks for more than it needs.

Does not help: other codecs; TLS for the signalling alone.

Fix: nothing, if the phones encrypt.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, encryption_demand
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._phones import PHONE, inherited

EXAMPLES = [
    Example(
        bad=PHONE + "[1001](+)\n«media_encryption=sdes»\n",
        good=PHONE + "[1001](+)\nmedia_encryption=sdes\nmedia_encryption_optimistic=yes\n",
    ),
    Example(bad=PHONE + "[1001](+)\n«webrtc=yes»\n", good=PHONE + "[1001](+)\nmedia_encryption=no\n"),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    found: dict[tuple[Source, int], tuple[Object, Option, int]] = {}
    for endpoint in pjsip.endpoints.values():
        option = encryption_demand(endpoint)
        if option is not None:
            first, _, count = found.get((option.source, option.start), (endpoint, option, 0))
            found[option.source, option.start] = first, option, count + 1
    for endpoint, option, count in found.values():
        more = f" and {count - 1} more" if count > 1 else ""
        yield Defect(
            option.place,
            f"endpoint '{endpoint.name}'{more} {'take' if more else 'takes'} only what {option.name} says: other calls"
            " get 488",
            inherited(endpoint, option),
            answers=(488,),
        )


CHECK = Check(find, level="info", category="answer", request="INVITE")
