"""An auth that Asterisk logs in with is bound to one realm.

Why it matters: credentials are sent only where the realm of the challenge is the auth's, or the auth's is empty or `*`
(res_pjsip_outbound_authenticator_digest.c). With any other realm there is no answer to the challenge: a registration
stops, and callers are told 403. Providers name realms of their own, and change them. Right where several auths are told
apart by their realms.

Client sees: the provider names another realm: outbound INVITE -> 401; the phone that called: INVITE -> 401 -> 403

Log:
    No auth objects matching realm(s) '...' from challenge found.
    No auth objects matching realm/algorithm(s) '...' from challenge found.

RFC: 3261 section 22.1: credentials belong to a realm; a client has none for a realm that it does not know.

Verdict: spurious. User and password are right.

Does not help: typing the password again; another password at the provider.

Fix: delete the line.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import inherited
from ._trunks import contact_hosts, host_of

REGISTRATION = "[itsp]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"
AUTH = "outbound_auth=itsp\n[itsp]\ntype=auth\nusername=77\npassword=x\n"

EXAMPLES = [
    Example(
        bad=REGISTRATION + AUTH + "«realm=asterisk»\n",
        good=REGISTRATION + AUTH + "realm=sip.example.net\n",
        fixed=REGISTRATION + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    hosts: dict[str, set[str]] = {}
    for item in [*pjsip.objects["registration"].values(), *pjsip.endpoints.values()]:
        listed = item.items("outbound_auth")
        for name in listed if len(listed) == 1 else ():
            known = hosts.setdefault(name, set())
            if item.type == "registration":
                known.add(host_of(item.value("server_uri")))
            else:
                known.update(host.name for host in contact_hosts(pjsip, item))
    for name, known in hosts.items():
        auth = pjsip.auths.get(name)
        option = auth.get("realm") if auth is not None else None
        if auth is None or option is None or option.value in ("", "*") or name in pjsip.inbound_auths:
            continue
        realm = option.value.lower()
        if any(realm == host or host.endswith("." + realm) or realm.endswith("." + host) for host in known):
            continue
        yield Defect(
            option.place,
            f"auth '{name}' answers only challenges for realm '{option.value}'; with another realm there is no answer",
            inherited(auth, option),
            subject=option,
        )


def fix(option: Option) -> Fix:
    return Fix("answer challenges for every realm", (remove_line(option),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
