"""An auth without username, which drops it.

Why it matters: res_pjsip/config_auth.c:auth_apply rejects an auth whose `username` is missing or empty; the section's
name does not stand in for it. Every request of an endpoint that names the auth gets 500.

Client sees: REGISTER -> 500

Log:
    ...: No authentication username
    No authentication username for auth '...'
    Couldn't find auth '...'. Cannot authenticate

RFC: 3261 section 21.5.1: 500 says that the server is at fault, and so it is.

Verdict: spurious. The phone's credentials are never looked at.

Does not help: another user name or password in the phone.

Fix: write the digest user. Where one endpoint names the auth, its name is filled in, as that is what most phones send.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import MISSING, Object

from ._phones import AOR, ENDPOINT, PHONE

EXAMPLES = [
    Example(
        bad=ENDPOINT + AOR + "[«1001»]\ntype=auth\npassword=s3cret\n",
        good=PHONE,
        fixed=ENDPOINT + AOR + "[1001]\ntype=auth\npassword=s3cret\nusername=1001\n",
    ),
    Example(
        bad="[shared]\ntype=auth\n«username»=\npassword=s3cret\n",
        good="[shared](!)\ntype=auth\npassword=s3cret\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    users: dict[str, list[Object]] = {}
    for endpoint in pjsip.declared["endpoint"]:
        for key in ("auth", "outbound_auth"):
            for name in endpoint.items(key):
                users.setdefault(name, []).append(endpoint)
    for auth in pjsip.declared["auth"]:
        if auth.drop is None or auth.drop.reason != MISSING:
            continue
        option, of = auth.drop.option, users.get(auth.name, [])
        own = option is not None and option.home is auth.section
        user = of[0].name.partition("@")[0] if len(of) == 1 and of[0].value("auth") else None
        yield Defect(
            option.key_place if own and option is not None else auth.place,
            f"auth '{auth.name}' has no username and is dropped: every request of an endpoint that uses it gets 500",
            subject=(auth, user) if user else None,
            answers=(500,),
        )


def fix(subject: tuple[Object, str]) -> Fix:
    auth, user = subject
    edit = set_option(auth.section, auth.get("username"), "username", user)
    return Fix(f"let auth '{auth.name}' expect digest user '{user}'", (edit,))


CHECK = Check(find, level="error", category="load", fix=fix, request="any request")
