"""A stored digest depends on the default realm, because its auth names none.

Why it matters: a digest is made for one realm. Where the auth has no `realm`, res_pjsip_authenticator_digest.c
challenges for the `default_realm` of `[global]`; when somebody changes that, every such digest stops to fit, and the
phones get 401 again and again with the right password. Whether the digest was made for the realm that is set now cannot
be seen from it.

Client sees: after default_realm was changed: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: the realm alone defines what credentials are good for; a stored digest contains it.

Verdict: spurious, once it happens: the password is right, the digest is for another realm.

Does not help: typing the password again.

Fix: write the realm that the digest was made for into the auth.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.credentials import digest_lines
from cfglint.model.pjsip import Pjsip

from ._phones import ENDPOINT, inherited

GLOBAL = "[global]\ntype=global\ndefault_realm=pbx.example.com\n"
AUTH = "[1001]\ntype=auth\nauth_type=md5\nusername=1001\n"
DIGEST = "md5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69\n"

EXAMPLES = [
    Example(
        bad=GLOBAL + ENDPOINT + AUTH + f"«{DIGEST.strip()}»\n",
        good=GLOBAL + ENDPOINT + AUTH + "realm=pbx.example.com\n" + DIGEST,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    option = pjsip.settings.get("default_realm") if pjsip.settings else None
    if option is None or pjsip.default_realm == "asterisk":
        return
    for auth in pjsip.auths.values():
        if auth.name not in pjsip.inbound_auths or auth.value("realm") or auth.value("password"):
            continue
        for _, _, line in digest_lines(auth):
            yield Defect(
                line.place,
                f"the digest of auth '{auth.name}' has to be for realm '{option.value}', the default_realm",
                (Note(option.place, "the realm is set here"), *inherited(auth, line)),
            )


CHECK = Check(find, level="info", category="answer", request="any request")
