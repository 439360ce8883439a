"""An account without a password: anybody may register and call as it.

Why it matters: channels/chan_sip.c:check_auth lets a request pass when both `secret` and `md5secret` are empty.
`remotesecret` is only for calls that leave. Whoever knows the name, and names such as 100 are tried by the thousand,
registers there and telephones at the owner's cost.

An information where an address list protects the account. Sections with a fixed host are left alone, unless callers are
recognised by name there, too (type user and friend): that is told as an information.

Log: Nothing. Nobody is refused.

RFC: 3261 section 10.3: a registrar should authenticate its clients (step 3).

Fix: give it a `secret`, or a `deny` and `permit` for the place it stands in.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.sip import Peer, Sip

EXAMPLES = [
    Example(
        bad="[«1001»]\ntype=friend\nhost=dynamic\nremotesecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n[carrier]\ntype=peer\nhost=192.0.2.9\n",
    ),
    Example(
        bad="[«1001»]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.1.2.3\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ndeny=0.0.0.0/0\npermit=10.1.2.3\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        if peer.secret is not None or peer.incomplete or not (peer.dynamic or "u" in peer.roles):
            continue
        if sip.config.incomplete or peer.empty_host is not None:
            continue
        what = "register and call" if peer.dynamic and peer.registers else "call"
        level = "info" if _guarded(peer) or not (peer.dynamic and peer.registers) else None
        message = f"'{peer.name}' has no password: whoever knows the name may {what} as it"
        if _guarded(peer):
            message = f"'{peer.name}' has no password, only an address list"
        yield Defect(peer.section.name_place, message, level=level)


def _guarded(peer: Peer) -> bool:
    return any(option.name in ("deny", "acl") and option.value for option in peer.options)


CHECK = Check(find, level="warning", category="security", request="REGISTER")
