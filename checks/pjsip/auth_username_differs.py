"""An endpoint's digest user is not the endpoint's name, so the phone needs both.

Why it matters: the endpoint is found by the user part of From, but the digest has to come from the `username` of its
auth (res_pjsip_authenticator_digest.c). Most phones send the same name for both, unless an "authentication user" or
"auth ID" is filled in; then they get 401 again and again with the right password. Names are compared with case.

Client sees: without the Auth ID: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: depends. Deserved for a phone that sends the wrong Auth ID; another one registers.

Does not help: typing the password again, another transport; it is the name in the digest that is wrong.

Fix: nothing, if the phone is set up with both names. Else make them one.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import identify_by

from ._phones import AOR, ENDPOINT, PHONE

EXAMPLES = [
    Example(
        bad=ENDPOINT + AOR + "[1001]\ntype=auth\nusername=«reception»\npassword=s3cret\n",
        good=PHONE,
    ),
    Example(
        bad="[Bob]\ntype=endpoint\naors=Bob\nauth=1\n[Bob]\ntype=aor\nmax_contacts=1\n"
        "[1]\ntype=auth\nusername=«bob»\npassword=x\n",
        good="[bob@pbx]\ntype=endpoint\naors=bob\nauth=1\n[bob]\ntype=aor\nmax_contacts=1\n"
        "[1]\ntype=auth\nusername=bob\npassword=x\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for endpoint in pjsip.phones:
        if endpoint.wizard or "auth_username" in identify_by(endpoint):
            continue
        auths = pjsip.auths_of(endpoint)
        users = [auth.value("username") for auth in auths]
        option = auths[0].get("username") if auths else None
        if option is None or endpoint.name in users or endpoint.name.partition("@")[0] in users:
            continue
        yield Defect(
            option.value_place,
            f"a phone has to call itself '{endpoint.name}' and log in as '{users[0]}': with one name for both it gets"
            " 401 again and again",
            (Note(endpoint.place, f"endpoint '{endpoint.name}' uses it"),),
            answers=(401, 401),
        )


CHECK = Check(find, level="info", category="answer", request="any request")
