"""An account has both secret and md5secret, and they are not about the same password.

Why it matters: channels/chan_sip.c:check_auth looks at `md5secret` alone as soon as it is set; `secret` is ignored
without a word. Who changed only `secret` gets 401, then 403. A template or a second section of the same name may hold
the other one.

The digest is that of section name, realm and password. The realm is `realm` of [general], else the `systemname` of
asterisk.conf, else asterisk; with `domainsasrealm` it depends on the caller, and this check is silent.

Client sees: REGISTER -> 401 -> 403; INVITE -> 401 -> 403

Log:
    Registration from '...' failed for '...' - Wrong password
    Failed to authenticate device ... for ..., code = ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The phone has the password that stands in the file.

Does not help: typing the password again; another `secret`.

Fix: delete the `md5secret` line, or compute it anew. Unsafe: only you know which password the phone has.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_line
from cfglint.model.sip import Peer, Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Option
from cfglint.simulate.client import ha1

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\n«md5secret=0123456789abcdef0123456789abcdef»\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nmd5secret=f7dbbdbf168b9321038960bcf17fc498\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[old](!)\n«md5secret=0123456789abcdef0123456789abcdef»\n[1001](old)\ntype=friend\nsecret=s3cret\n",
        good={
            "sip.conf": "[1001]\ntype=friend\nmd5secret=ee172936e4c52b99cc7a80ad890304b9\nsecret=s3cret\n",
            "asterisk.conf": "[options]\nsystemname=pbx7\n",
        },
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if is_true(sip.setting("domainsasrealm", "no")):
        return
    realms: set[str] | None = None
    for peer in sip.peers.values():
        digest, secret = peer.get("md5secret"), peer.get("secret")
        if digest is None or secret is None or not digest.value or not secret.value or len(digest.value) != 32:
            continue
        realms = _realms(sip) if realms is None else realms
        if any(ha1(peer.name, realm, secret.value) == digest.value.lower() for realm in realms):
            continue
        message = f"md5secret counts before secret, and is not made of it: '{peer.name}' is refused with that secret"
        notes = (Note(secret.place, "this password is not looked at"),)
        yield Defect(digest.place, message, notes, subject=(digest, peer), answers=(401, 403))


def _realms(sip: Sip) -> set[str]:
    """The realm that is offered, with systemname's default beside it: asterisk.conf may lie elsewhere."""
    if sip.setting("realm"):
        return {sip.setting("realm")}
    options = sip.tree.companion("asterisk.conf")
    names = (s.last("systemname") for s in options.named("options")) if options is not None else ()
    return {"asterisk", *(name.value for name in names if name is not None)}


def fix(subject: tuple[Option, Peer]) -> Fix | None:
    digest, peer = subject
    if all(digest.home is not section for section in peer.sections):
        return None
    return Fix("let the secret count", (remove_line(digest),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
