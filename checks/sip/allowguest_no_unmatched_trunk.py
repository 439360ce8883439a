"""Asterisk registers at a provider, but no section is there for the calls that come from it.

Why it matters: a `register` line makes the provider send calls; it does not make the provider a known caller. Only a
section with that host does (channels/chan_sip.c:check_user_full). With `allowguest=no` a call that no section matches
gets 401 and 403, or 403 at once with alwaysauthreject=no.

Only told where no section has a fixed host at all; where one has, it may stand for the provider under another name.

Client sees: INVITE -> 401; with credentials: INVITE -> 401 -> 403; with alwaysauthreject=no: INVITE -> 403

Log:
    Failed to authenticate device ... for ..., code = ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. Asterisk asked the provider for these calls.

Does not help: `insecure=invite` in [general]; the password of the `register` line: it proves Asterisk to the provider,
not the other way round.

Fix: a section of type peer with the provider's host, `insecure=port,invite` and the context for its calls.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.sip import Sip

_REGISTER = "[general]\nallowguest=no\n«register => 4711:s3cret@sip.example.net/4711»\n"
EXAMPLES = [
    Example(
        bad=_REGISTER,
        good="[general]\nallowguest=no\nregister => 4711:s3cret@sip.example.net/4711\n"
        "[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if sip.admits_guests or sip.external or any(peer.fixed_host for peer in sip.peers.values()):
        return
    for registration in sip.registrations:
        if registration.problem is None:
            message = f"no section is there for calls from '{registration.host}', and guests are refused"
            yield Defect(registration.option.place, message, answers=(401, 403) if sip.hides_accounts else (403,))


CHECK = Check(find, level="warning", category="answer", request="INVITE")
