"""Asterisk registers with a provider, but has no password for its calls there.

Why it matters: the credentials of a registration are its own; a call uses `outbound_auth` of the endpoint
(res_pjsip_session.c:outbound_invite_auth). When the provider answers the INVITE with 401 or 407, the call ends there,
and the caller is told 403 (channels/chan_pjsip.c:hangup_cause2sip), which looks like a local refusal. Providers that
know our address may do without.

Client sees: the provider, to Asterisk: outbound INVITE -> 401; the phone that called: INVITE -> 401 -> 403

RFC: 3261 section 22.2: to a 401 the client answers with credentials for the realm; without any it can only give up.

Verdict: spurious, as the phone sees it: nobody here has refused it, and its own password is right.

Does not help: the phone's password; the credentials of the registration: a call does not use them.

Fix: give the endpoint the `outbound_auth` of the registration.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, names

from ._trunks import contact_hosts, registrations

AOR = "[itsp]\ntype=aor\ncontact=sip:sip.example.net:5060\n"
REGISTRATION = "[itsp]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"
AUTH = "outbound_auth=itsp\n[itsp]\ntype=auth\nusername=77\npassword=x\n"
REST = AOR + REGISTRATION + AUTH

EXAMPLES = [
    Example(
        bad="[«itsp»]\ntype=endpoint\naors=itsp\n" + REST,
        good="[itsp]\ntype=endpoint\naors=itsp\noutbound_auth=itsp\n" + REST,
        fixed="[itsp]\ntype=endpoint\naors=itsp\noutbound_auth=itsp\n" + REST,
    ),
    Example(
        bad="[itsp]\ntype=endpoint\naors=itsp\noutbound_auth=«itsp-auth»\n" + REST,
        good="[phone]\ntype=endpoint\naors=phone\n" + REST,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("auth"):
        return
    by_host = {
        host: next((item for item in items if item.value("outbound_auth")), None)
        for host, items in registrations(pjsip).items()
    }
    for endpoint in pjsip.endpoints.values():
        if endpoint.wizard or endpoint.section.incomplete:
            continue
        for name in endpoint.items("outbound_auth"):
            if pjsip.find("auth", name) is None:
                place = next(p for n, p in names(endpoint.get("outbound_auth")) if n == name)
                text = (
                    f"endpoint '{endpoint.name}' is to log in with auth '{name}', which does not exist: its calls fail"
                )
                yield Defect(place, f"{text}, and callers are told 403", level="error", answers=(403,))
        if endpoint.value("outbound_auth") or not by_host:
            continue
        found = (by_host.get(host.name) for host in contact_hosts(pjsip, endpoint))
        registration = next((item for item in found if item is not None), None)
        if registration is None:
            continue
        yield Defect(
            endpoint.place,
            f"endpoint '{endpoint.name}' has no outbound_auth: if its provider challenges a call, the caller is"
            " told 403",
            (Note(registration.place, f"registration '{registration.name}' has one"),),
            subject=(endpoint, registration.value("outbound_auth")),
            answers=(403,),
        )


def fix(subject: tuple[Object, str]) -> Fix:
    endpoint, auth = subject
    edit = add_option(endpoint.section, ("outbound_auth", auth))
    return Fix(f"let endpoint '{endpoint.name}' log in as its registration does", (edit,))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
