"""An auth that holds nothing to compare a password with.

Why it matters: from 20.12, 21.7 and 22.2 on an auth needs a `password` or a digest for each of its algorithms, else
res_pjsip/config_auth.c:auth_apply drops it, and every request of its endpoints gets 500. Older releases go by
`auth_type`: with `userpass`, the default, only `password` counts, and without one the password is the empty text, so
that every phone gets 401 again and again; with `md5` only `md5_cred` counts, and without one the auth is dropped. What
only one of the two kinds of release refuses is an information, unless `--target` names such a release.

Client sees: REGISTER -> 500; before 20.12, 21.7 and 22.2 with userpass: REGISTER -> 401 -> 401

Log:
    ...: No plain text or digest password found for algorithm
    'md5' authentication specified but no md5_cred specified for auth '...'
    Couldn't find auth '...'. Cannot authenticate

RFC: 3261 section 21.5.1: 500 says that the server is at fault, and so it is.

Verdict: spurious. No password that a phone could send is right.

Does not help: leaving the password in the phone empty: where the auth was dropped none is compared.

Fix: write the password, or the `auth_type` that goes with what is there.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge import asterisk_changes
from cfglint.model.credentials import digests, kind_of
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

from ._phones import AOR, ENDPOINT, PHONE

DIGEST = "md5_cred=0123456789abcdef0123456789abcdef\n"

EXAMPLES = [
    Example(bad=ENDPOINT + AOR + "[«1001»]\ntype=auth\nusername=1001\n", good=PHONE),
    Example(
        bad=ENDPOINT + AOR + "[1001]\ntype=auth\nusername=1001\n«password»=\n",
        good=ENDPOINT + AOR + "[1001]\ntype=auth\nauth_type=md5\nusername=1001\n" + DIGEST,
    ),
    Example(
        bad=ENDPOINT + AOR + "[1001]\ntype=auth\n«auth_type»=md5\nusername=1001\npassword=s3cret\n",
        good=PHONE,
        fixed=ENDPOINT + AOR + "[1001]\ntype=auth\nauth_type=userpass\nusername=1001\npassword=s3cret\n",
        targets=("asterisk=16.28",),
    ),
    Example(
        bad=ENDPOINT + AOR + "[«1001»]\ntype=auth\nusername=1001\n" + DIGEST,
        good=ENDPOINT + AOR + "[1001]\ntype=auth\nauth_type=md5\nusername=1001\n" + DIGEST,
        fixed=ENDPOINT + AOR + "[1001]\ntype=auth\nusername=1001\n" + DIGEST + "auth_type=md5\n",
        targets=("asterisk=18.20",),
    ),
]

LOOP, DROPPED = "a phone gets 401 again and again", "it is dropped, and every request of its endpoints gets 500"


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    for auth in pjsip.auths.values():
        if auth.wizard or auth.section.incomplete:
            continue
        verdicts = [_lacks(pjsip, auth, new) for new in pjsip.digest_rules]
        found = [verdict for verdict in verdicts if verdict is not None]
        if not found:
            continue
        what, effect = found[-1]
        everywhere = len(found) == len(verdicts)
        before = "" if everywhere else f" (before {asterisk_changes.shown(asterisk_changes.NEW_DIGEST)})"
        option = auth.get("auth_type") if kind_of(auth) == "md5" and auth.value("password") else auth.get("password")
        inbound = auth.name in pjsip.inbound_auths
        yield Defect(
            option.key_place if option is not None and option.home is auth.section else auth.place,
            f"auth '{auth.name}' {what}: {effect}{before}",
            subject=auth,
            level="info" if not everywhere else None if inbound or effect == DROPPED else "warning",
            answers=((500,) if effect == DROPPED else (401, 401)) if inbound else (),
        )


def _lacks(pjsip: Pjsip, auth: Object, new_digest: bool) -> tuple[str, str] | None:
    """What an auth lacks in one kind of release and what comes of it, or None."""
    kind, password = kind_of(auth), auth.value("password")
    if kind == "md5" and not new_digest:
        return None if auth.value("md5_cred") else ("is of type md5 and has no md5_cred", DROPPED)
    if password or kind == "google_oauth":
        return None
    if not new_digest:
        return "has no password", LOOP
    stored = digests(auth)
    missing = [name for name in pjsip.algorithms(auth) if name.upper() not in stored]
    return (f"has neither a password nor a digest for {missing[0]}", DROPPED) if missing else None


def fix(auth: Object) -> Fix | None:
    kind, own = kind_of(auth), auth.get("auth_type")
    if kind == "md5" and auth.value("password"):
        wanted = "userpass"
    elif kind == "userpass" and auth.value("md5_cred"):
        wanted = "md5"
    else:
        return None
    edit = set_option(auth.section, own, "auth_type", wanted)
    return Fix(f"write auth_type={wanted}, which goes with what auth '{auth.name}' holds", (edit,))


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
