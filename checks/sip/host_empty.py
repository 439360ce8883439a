"""A host without a value deletes the section.

Why it matters: channels/chan_sip.c:build_peer looks the host up, an empty one cannot be. The account does not exist
then: 401 and 403 to REGISTER (404 with alwaysauthreject=no), and calls from there are those of a stranger. Programs
that write configurations leave such lines.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    srvlookup failed for host: , on peer ..., removing peer
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again, another transport, SIP ALG or NAT settings: there is no account to compare
them with.

Fix: `host=dynamic` for what registers, else its address. Which one, only you know; the edit takes a section with a
password, and nothing that tells of a trunk, for one that registers.
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

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«host»=\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=\nhost=192.0.2.9\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[carrier]\ntype=peer\n«host»=\ninsecure=invite\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=invite\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.empty_host) is not None)
    for option, peers in by_option(pairs):
        answers = (401, 403) if sip.hides_accounts else (404,)
        message = f"an empty host deletes {shown(peers)}"
        yield Defect(option.key_place, message, inherited(option, peers), subject=(option, peers), answers=answers)


def fix(subject: tuple[Option, list[Peer]]) -> Fix | None:
    option, peers = subject
    if not all(peer.registers and peer.secret is not None and not logs_in_there(peer) for peer in peers):
        return None
    return Fix(f"let {shown(peers)} register", (set_value(option, "dynamic"),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
