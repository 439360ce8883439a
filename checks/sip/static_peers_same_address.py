"""Two trunks to one address treat its calls differently, and chance decides which of them counts.

Why it matters: a call from an address goes to whichever section with that host and port
channels/chan_sip.c:sip_find_peer_by_ip_and_exten meets first in its table. Where one asks for a password and the other
does not, a provider that has none gets 401 for calls that the other section would take; where the contexts differ, the
call may end in the wrong one, with 404. `callbackextension` tells several accounts at one provider apart.

A warning where only one of them asks for a password; otherwise an information, as only one may be for calls that come
in.

Client sees: where the section with the password is met first: INVITE -> 401

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. One of the two sections lets the provider in.

Does not help: another order of the two sections.

Fix: give both the same `insecure` and `context`, or move the password of the one that is called out through to
`remotesecret`, which is the unsafe fix: nobody is asked for it any more.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import rename
from cfglint.model.sip import Peer, Sip

from ._trunks import trunks

_IN = "[carrier-in]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\ncontext=incoming\n"
EXAMPLES = [
    Example(
        bad=_IN + "[carrier-out]\ntype=peer\nhost=«192.0.2.9»\nfromuser=4711\nsecret=s3cret\ncontext=incoming\n",
        good=_IN + "[carrier-out]\ntype=peer\nhost=192.0.2.9\nfromuser=4711\nremotesecret=s3cret\ncontext=incoming\n",
        fixed=_IN + "[carrier-out]\ntype=peer\nhost=192.0.2.9\nfromuser=4711\nremotesecret=s3cret\ncontext=incoming\n",
    ),
    Example(
        bad=_IN + "[other]\ntype=peer\nhost=«192.0.2.9»\ncontext=sales\n",
        good=_IN + "[other]\ntype=peer\nhost=192.0.2.9\nport=5080\ncontext=sales\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    groups: dict[tuple[str, str], list[Peer]] = {}
    for peer in trunks(sip):
        groups.setdefault((peer.fixed_host, peer.value("port", "5060")), []).append(peer)
    for peers in groups.values():
        first = peers[0]
        for peer in peers[1:]:
            if peer.get("callbackextension") is not None or first.get("callbackextension") is not None:
                continue
            asks = first.challenged != peer.challenged
            if not asks and _context(sip, first) == _context(sip, peer):
                continue
            what = "asks callers for a password" if asks else "sends calls to another context"
            one = f"'{peer.name}'" if peer.challenged or not asks else f"'{first.name}'"
            other = f"'{first.name}'" if peer.challenged or not asks else f"'{peer.name}'"
            message = f"{one} {what}, {other} of the same address does not: either may count for a call from there"
            place = (peer.get("host") or peer.type_options[-1]).value_place
            level, answers = ("warning", (401,)) if asks else ("info", ())
            note = Note(first.section.name_place, "the first one")
            asking = (peer if peer.challenged else first) if asks else None
            yield Defect(place, message, (note,), asking, level, answers=answers)


def _context(sip: Sip, peer: Peer) -> str:
    return peer.value("context", sip.setting("context", "default"))


def fix(peer: Peer) -> Fix | None:
    """Only for a section that no name in From leads to."""
    secret = peer.secret
    if secret is None or secret.name != "secret" or secret.home is not peer.section or "u" in peer.roles:
        return None
    if peer.get("remotesecret") is not None:
        return None
    return Fix(f"keep the password of '{peer.name}' for calls that leave", (rename(secret, "remotesecret"),))


CHECK = Check(find, level="info", category="answer", request="INVITE", fix=fix)
