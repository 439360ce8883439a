"""A nonce that is out of date before the phone has answered.

Why it matters: res_pjsip_authenticator_digest.c:check_nonce refuses a nonce that is older than `nonce_lifetime`, in
whole seconds. With 0 or 1 an answer that comes in one of the next seconds is late: the phone gets 401 with `stale=true`
and tries again, over a slow network again and again.

Client sees: over a slow network: REGISTER -> 401 -> 401

RFC: 3261 section 22.1: a client may send the same credentials again if the challenge says that only the nonce was
stale.

Verdict: spurious. The password was right.

Does not help: typing the password again.

Fix: delete the line; 32 seconds are the default.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import PHONE, inherited

EXAMPLES = [
    Example(
        bad=PHONE + "[1002]\ntype=auth\nusername=1002\npassword=x\n«nonce_lifetime=0»\n",
        good=PHONE + "[1002]\ntype=auth\nusername=1002\npassword=x\nnonce_lifetime=60\n",
        fixed=PHONE + "[1002]\ntype=auth\nusername=1002\npassword=x\n",
    ),
]

SHORT = 5
"""Seconds below which an answer may well be late."""


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for auth in pjsip.auths.values():
        option = auth.get("nonce_lifetime")
        if option is None or auth.integer("nonce_lifetime", 32) >= SHORT:
            continue
        yield Defect(
            option.place,
            f"the nonces of auth '{auth.name}' last {auth.integer('nonce_lifetime', 32)} seconds: a phone that answers"
            " later gets another 401",
            inherited(auth, option),
            subject=option,
            answers=(401,),
        )


def fix(option: Option) -> Fix:
    return Fix("go back to 32 seconds", (remove_line(option),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="any request")
