"""An endpoint's auth names an auth object that does not exist.

Why it matters: res_pjsip_authenticator_digest.c:digest_check_auth cannot find what the endpoint is to be authenticated
with, and every request of the endpoint gets 500. Names are compared with case.

Client sees: REGISTER -> 500; INVITE -> 500

Log:
    Couldn't find auth '...'. Cannot authenticate
    Request '...' from '...' failed for '...' (callid: ...) - Error to authenticate

RFC: 3261 section 21.5.1: 500 says that the server is at fault, and so it is.

Verdict: spurious. The phone's credentials are never looked at.

Does not help: anything that is changed in the phone.

Fix: correct the name, or write the section `type=auth`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import names
from cfglint.source import Place

from ._phones import inherited
from ._references import Known, respelled

AUTH = "type=auth\nusername=1001\npassword=s3cret\n"

EXAMPLES = [
    Example(
        bad="[1001]\ntype=endpoint\naors=1001\nauth=«auth1001»\n[1001-auth]\n" + AUTH,
        good="[1001]\ntype=endpoint\naors=1001\nauth=1001-auth\n[1001-auth]\n" + AUTH,
    ),
    Example(
        bad="[bob]\ntype=endpoint\naors=bob\nauth=«Bob»\n[bob]\n" + AUTH,
        good="[bob]\ntype=endpoint\naors=bob\nauth=bob\n[bob]\n" + AUTH,
        fixed="[bob]\ntype=endpoint\naors=bob\nauth=bob\n[bob]\n" + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("auth"):
        return
    known = Known(pjsip.auths)
    for endpoint in pjsip.endpoints.values():
        option = endpoint.get("auth")
        for name, place in names(option):
            if pjsip.find("auth", name) is not None:
                continue
            spelling = known.spelling(name)
            message = f"endpoint '{endpoint.name}' names auth '{name}', which does not exist: every request gets 500"
            subject = (place, name, spelling) if spelling else None
            yield Defect(
                place, message + known.hint(name), inherited(endpoint, option), subject=subject, answers=(500,)
            )


def fix(subject: tuple[Place, str, str]) -> Fix:
    return respelled(*subject)


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
