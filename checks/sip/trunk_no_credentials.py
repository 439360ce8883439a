"""Asterisk registers at a provider with a password, but has none for calls that it sends there.

Why it matters: the password of a `register` line is used for REGISTER alone. For an INVITE that the provider challenges
channels/chan_sip.c:build_reply_digest takes `remotesecret` or `secret` of the section, or an entry of
[authentication]. Without one the call fails, and the phone that made it is told 403.

An information: some providers take calls from a registered address without a challenge.

Client sees: the provider, to Asterisk: outbound INVITE -> 401; the phone that called: INVITE -> 401 -> 403

Log:
    Failed to authenticate on INVITE to '...'

RFC: 3261 section 22.2: to a 401 the client answers with credentials for the realm; without any it can only give up.

Verdict: spurious, as the phone sees it: nobody here has refused it, and its own password is right.

Does not help: the phone's password; the password of the `register` line: a call does not use it.

Fix: `defaultuser` and `remotesecret` in the provider's section.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option
from cfglint.model.registration import read_registration
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option

from ._trunks import registered_hosts, trunks

_REGISTER = "[general]\nregister => 4711:s3cret@sip.example.net/4711\n"
EXAMPLES = [
    Example(
        bad=_REGISTER + "[«carrier»]\ntype=peer\nhost=sip.example.net\n",
        good=_REGISTER + "[carrier]\ntype=peer\nhost=sip.example.net\ndefaultuser=4711\nremotesecret=s3cret\n",
        fixed=_REGISTER + "[carrier]\ntype=peer\nhost=sip.example.net\ndefaultuser=4711\nremotesecret=s3cret\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if sip.authentication is not None:
        return
    lines = registered_hosts(sip)
    for peer in trunks(sip) if lines else ():
        line = lines.get(peer.fixed_host)
        if line is not None and not any(peer.value(name) for name in ("secret", "remotesecret", "md5secret", "auth")):
            message = f"calls to '{peer.fixed_host}' have no password: the registration's is not used for them"
            note = Note(line.place, "the registration")
            yield Defect(peer.section.name_place, message, (note,), subject=(peer, line), answers=(403,))


def fix(subject: tuple[Peer, Option]) -> Fix | None:
    peer, line = subject
    found = read_registration(line)
    settings = [("remotesecret", found.secret)]
    if peer.get("defaultuser") is None:
        settings.insert(0, ("defaultuser", found.login))
    if len(peer.sections) > 1 or not all(value and ";" not in value for _, value in settings):
        return None
    edit = add_option(peer.section, *settings)
    return Fix(f"let calls to '{peer.fixed_host}' log in as the registration does", (edit,))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
