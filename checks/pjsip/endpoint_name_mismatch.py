"""An endpoint has another name than its AOR and its digest user, which agree.

Why it matters: a request is attributed to the endpoint that is named like the user part of From
(res_pjsip_endpoint_identifier_user.c), and a phone puts the same user into From, To and Authorization. Where the AOR
and the auth are called `1001` and the endpoint `reception`, no endpoint is found: the phone gets 401 again and again.
Phones do not send `reception` in From and `1001` in To.

An information, as it is right for a program that does.

Client sees: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The phone sends what its AOR and its auth are called.

Does not help: typing the password again: it is never compared.

Fix: give the endpoint the name that the phone uses, also where the dialplan calls it. Unsafe: other files and programs
may know it by its old name.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.editing import rename_section
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, identify_by

from ._phones import AOR, AUTH, PHONE

BODY = "type=endpoint\naors=1001\nauth=1001\n"

EXAMPLES = [
    Example(
        bad=f"[«reception»]\n{BODY}" + AUTH + AOR,
        good=PHONE,
        fixed="[1001]\n" + BODY + AUTH + AOR,
    ),
    Example(
        bad={
            "pjsip.conf": f"[«reception»]\n{BODY}" + AUTH + AOR,
            "extensions.conf": "[phones]\nexten => 11,hint,PJSIP/reception\nexten => 11,1,Dial(PJSIP/reception,20)\n",
        },
        good=PHONE,
        fixed={
            "pjsip.conf": f"[1001]\n{BODY}" + AUTH + AOR,
            "extensions.conf": "[phones]\nexten => 11,hint,PJSIP/1001\nexten => 11,1,Dial(PJSIP/1001,20)\n",
        },
    ),
    Example(
        bad=f"[desk](!)\n{BODY}\n[«reception»](desk)\n" + AUTH + AOR,
        good=f"[desk](!)\n{BODY}\n[reception](desk)\nidentify_by=auth_username\n[1001@pbx](desk)\n" + AUTH + AOR,
        fixed=f"[desk](!)\n{BODY}\n[1001](desk)\n" + AUTH + AOR,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for endpoint in pjsip.phones:
        aors = set(endpoint.items("aors"))
        if endpoint.name in aors or endpoint.wizard or "@" in endpoint.name:
            continue
        methods = identify_by(endpoint)
        if "username" not in methods or "auth_username" in methods:
            continue
        users = {auth.value("username") for auth in pjsip.auths_of(endpoint)}
        both = users & aors
        if len(both) != 1 or endpoint.name in users:
            continue
        user = both.pop()
        if pjsip.find("endpoint", user) is not None or len({e.name for e, _ in pjsip.aor_users[user]}) > 1:
            continue
        aor = pjsip.aors.get(user)
        notes = (Note(aor.place, f"aor '{user}'"),) if aor is not None else ()
        yield Defect(
            endpoint.place,
            f"endpoint '{endpoint.name}' has aor and digest user '{user}': a phone that calls itself '{user}' is not"
            " recognised and gets 401 again and again",
            notes,
            subject=(pjsip, endpoint, user),
            answers=(401, 401),
        )


def fix(subject: tuple[Pjsip, Object, str]) -> Fix | None:
    pjsip, endpoint, name = subject
    edit = rename_section(pjsip.config, endpoint.section, name)
    if edit is None:
        return None
    calls = [replace(place, name) for place in pjsip.tree.devices.get(("PJSIP", endpoint.name), ())]
    also = " and wherever it is called" if calls else ""
    return Fix(f"name endpoint '{endpoint.name}' '{name}', like its aor and digest user{also}", (edit, *calls))


CHECK = Check(find, level="info", category="answer", fix=fix, request="any request")
