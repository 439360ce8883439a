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

Fix: `host=dynamic` for what registers, else its address. Which one, only you know.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.sip import Sip

from ._owners import by_option, inherited, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«host»=\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[itsp]\ntype=peer\n«host»=\n",
        good="[itsp]\ntype=peer\nhost=\nhost=192.0.2.9\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.empty_host) is not None)
    for option, peers in by_option(pairs):
        answers = (401, 403) if sip.hides_accounts else (404,)
        message = f"an empty host deletes {shown(peers)}"
        yield Defect(option.key_place, message, inherited(option, peers), answers=answers)


CHECK = Check(find, level="error", category="answer", request="REGISTER")
