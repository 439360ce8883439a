"""A value of md5secret that is no MD5 digest in small letters, and fits no password.

Why it matters: channels/chan_sip.c:check_auth takes the value as text into the digest of the answer. What is not 32
hexadecimal digits in lower case never matches what the phone computes: 401, then 403. `md5secret` also counts before
`secret`, so a right password beside it does not help.

Client sees: REGISTER -> 401 -> 403; INVITE -> 401 -> 403

Log:
    Registration from '...' failed for '...' - Wrong password
    Failed to authenticate device ... for ..., code = ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. No password fits.

Does not help: another password in the phone; a `secret` beside it.

Fix: write the digits in lower case; or compute it anew: `echo -n 'SECTION:REALM:PASSWORD' | md5sum`.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, UNSAFE, Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nmd5secret=«5EBE2294ECD0E0F08EAB7690D2A6EE69»\n",
        good="[1001]\ntype=friend\nhost=dynamic\nmd5secret=5ebe2294ecd0e0f08eab7690d2a6ee69\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nmd5secret=5ebe2294ecd0e0f08eab7690d2a6ee69\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nmd5secret=«s3cret»\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\nmd5secret=\n",
    ),
]

_DIGEST = re.compile("[0-9a-f]{32}")


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.get("md5secret")) is not None)
    for option, peers in by_option(pairs):
        if not option.value or _DIGEST.fullmatch(option.value):
            continue
        bare = option.value.strip("\"' ")
        if _DIGEST.fullmatch(bare.lower()):
            reason = "has capital letters" if bare == option.value else "is in quotes, which belong to the value"
        else:
            reason = "is not 32 hexadecimal digits"
        inbound = [peer for peer in peers if peer.inbound]
        message = f"the md5secret of {shown(inbound or peers)} {reason}: no password fits it"
        level = None if inbound else "warning"
        yield Defect(option.value_place, message, inherited(option, peers), option, level, answers=(401, 403))


def fix(option: Option) -> Fix | None:
    value = option.value.strip("\"' ").lower()
    if not _DIGEST.fullmatch(value):
        return None
    quoted = len(value) != len(option.value)
    return Fix("write the digest as it is compared", (set_value(option, value),), UNSAFE if quoted else SAFE)


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
