"""An auth with a password and a stored digest that do not agree.

Why it matters: from 20.12, 21.7 and 22.2 on a stored digest counts before the password, whatever `auth_type` says
(res_pjsip/config_auth.c:ast_sip_auth_get_creds); in older releases it does with `auth_type=md5`. A digest left over
from an old password, user name or realm then refuses the right password: 401 again and again, often from the day of an
upgrade on. The digest is that of `username:realm:password`, with the `default_realm` of `[global]` where the auth has
no realm of its own.

Client sees: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The phone has the password that stands in the file.

Does not help: typing the password again; setting `auth_type=userpass`, from 20.12, 21.7 and 22.2 on.

Fix: delete the digest, so that the password counts.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.credentials import digest_lines, kind_of
from cfglint.model.editing import remove_line, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option
from cfglint.simulate.client import ha1

from ._phones import ENDPOINT

AUTH = "[1001]\ntype=auth\nusername=1001\npassword=n3w\n"

EXAMPLES = [
    Example(
        bad=ENDPOINT + AUTH + "«md5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69»\n",
        good=ENDPOINT + AUTH + "md5_cred=e5fe3af871d98945d2de5f5a0d33b8d8\n",
        fixed=ENDPOINT + AUTH,
        targets=("asterisk=22.5",),
    ),
    Example(
        bad=ENDPOINT + AUTH + "auth_type=md5\n«md5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69»\n",
        good=ENDPOINT + AUTH + "md5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69\n",
        fixed=ENDPOINT + AUTH + "auth_type=userpass\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for auth in pjsip.auths.values():
        password = auth.get("password")
        if password is None or not password.value or auth.name not in pjsip.inbound_auths:
            continue
        if not all(new or kind_of(auth) == "md5" for new in pjsip.digest_rules):
            continue
        realm = auth.value("realm") or pjsip.default_realm
        for algorithm, digest, option in digest_lines(auth):
            if algorithm != "MD5" or len(digest) != 32 or digest.lower() == _digest(auth, realm):
                continue
            yield Defect(
                option.place,
                f"the digest of auth '{auth.name}' is not that of its password for realm '{realm}', and the digest"
                " counts: a phone gets 401 again and again",
                (Note(password.key_place, "this password is not used"),),
                subject=(auth, option),
                answers=(401, 401),
            )


def _digest(auth: Object, realm: str) -> str:
    return ha1(auth.value("username"), realm, auth.value("password"))


def fix(subject: tuple[Object, Option]) -> Fix | None:
    auth, option = subject
    edits = [remove_line(option)]
    kind = auth.get("auth_type")
    if kind is not None and kind_of(auth) == "md5":
        if kind.home is not option.home:
            return None  # others may inherit the one without the other
        edits.append(set_value(kind, "userpass"))
    return Fix(f"let the password of auth '{auth.name}' count", tuple(edits))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="any request")
