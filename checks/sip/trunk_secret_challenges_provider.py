"""A provider's section has a secret and asks the provider for it when a call comes in.

Why it matters: a section of type peer or friend with a fixed host is found by the caller's address, and
channels/chan_sip.c:check_peer_ok then demands its `secret`, unless `insecure` says `invite`. A provider has no
credentials for us: it gets 401, and calls from outside fail, while calls out and the registration work.

A warning where the configuration shows that calls come in: a `register` line or `callbackextension` for that host, or a
context for calls from outside. Otherwise an information, as it is right between two PBXs that know each other's
password, and for a trunk that is only called out through.

Client sees: INVITE -> 401

Log: A caller that does not answer the challenge leaves no line.

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The provider has no password for us and needs none.

Does not help: the right `secret`: the other side does not know it.

Fix: `insecure=invite` (with `port` if the provider calls from changing ports), or `remotesecret` in place of `secret`.
Unsafe: whoever sends from that address is let in without a password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option, set_value
from cfglint.model.sip import Peer, Sip

from ._trunks import expects_calls, registered_hosts, trunks

_REGISTER = "[general]\nregister => 4711:s3cret@sip.example.net/4711\n"
EXAMPLES = [
    Example(
        bad=_REGISTER + "[carrier]\ntype=peer\nhost=sip.example.net\n«secret=s3cret»\n",
        good=_REGISTER + "[carrier]\ntype=peer\nhost=sip.example.net\nsecret=s3cret\ninsecure=invite\n",
        fixed=_REGISTER + "[carrier]\ntype=peer\nhost=sip.example.net\nsecret=s3cret\ninsecure=invite\n",
    ),
    Example(
        bad="[carrier]\ntype=peer\nhost=192.0.2.9\ncontext=from-trunk\ninsecure=port\n«secret=s3cret»\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\ncontext=from-trunk\nremotesecret=s3cret\n",
        fixed="[carrier]\ntype=peer\nhost=192.0.2.9\ncontext=from-trunk\ninsecure=port,invite\nsecret=s3cret\n",
    ),
    Example(
        bad="[carrier]\ntype=peer\nhost=192.0.2.9\nfromuser=4711\n«secret=s3cret»\n",
        good="[desk]\ntype=friend\nhost=192.0.2.9\nsecret=s3cret\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    registered = registered_hosts(sip)
    found = list(trunks(sip))
    admitted = {peer.fixed_host for peer in found if not peer.challenged}
    for peer in found:
        option, secret = peer.get("insecure"), peer.secret
        if not peer.challenged or secret is None or peer.fixed_host in admitted:
            continue  # a second section for the same host may be there for the calls that come in
        if option is not None and option.value and not peer.insecure:
            continue  # a word in it is wrong: another check's
        evidence = expects_calls(peer, registered)
        if evidence is None and peer.get("fromuser") is None and peer.get("fromdomain") is None:
            continue
        message = f"calls from '{peer.fixed_host}' are challenged with the secret of '{peer.name}', which a provider"
        notes = () if evidence is None else (Note(evidence.place, "calls come in from there"),)
        level = "info" if evidence is None else None
        yield Defect(secret.place, f"{message} cannot answer", notes, peer, level, answers=(401,))


def fix(peer: Peer) -> Fix | None:
    title = f"let calls from '{peer.fixed_host}' in without a password"
    option, section = peer.get("insecure"), peer.sections[-1]
    words = "port,invite" if "port" in peer.insecure else "invite"
    if option is not None and option.home is section:
        return Fix(title, (set_value(option, words),)) if option.value else None
    return Fix(title, (add_option(section, ("insecure", words)),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
