"""A registration has nothing to prove itself with.

Why it matters: when the other side challenges, Asterisk can only answer with `outbound_auth`. Without one, or with one
that does not exist, the 401 is final, as `auth_rejection_permanent` is on unless switched off
(res_pjsip_outbound_registration.c:handle_registration_response): Asterisk does not try again until it is reloaded, and
gets no calls. Registrars that know our address may do without.

Client sees: outbound REGISTER -> 401

Log:
    Fatal response '...' received from '...' on registration attempt to '...', stopping outbound registration

RFC: 3261 section 22.2: to a 401 the client answers with credentials for the realm; without any it can only give up.

Verdict: deserved: the provider asks for what it was never given.

Does not help: `auth` at the endpoint: that is what Asterisk asks of others.

Fix: name the `type=auth` section with the user name and password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.names import Suggestions
from cfglint.model.pjsip import Pjsip, names

from ._phones import inherited

REGISTRATION = "type=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"
AUTH = "[itsp]\ntype=auth\nusername=77\npassword=x\n"

EXAMPLES = [
    Example(
        bad="[«itsp»]\n" + REGISTRATION + AUTH,
        good="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
    ),
    Example(
        bad="[itsp]\n" + REGISTRATION + "outbound_auth=«itsp-auth»\n" + AUTH,
        good="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("auth"):
        return
    suggestions = Suggestions(pjsip.auths)
    for item in pjsip.objects["registration"].values():
        option = item.get("outbound_auth")
        if not names(option) and not item.section.incomplete and not item.wizard:
            text = f"registration '{item.name}' has no outbound_auth: if it is challenged, it is given up"
            yield Defect(item.place, text, level="info")
        for name, place in names(option):
            if pjsip.find("auth", name) is None:
                meant = suggestions.nearest(name)
                hint = f"; did you mean '{meant}'?" if meant else ""
                yield Defect(
                    place,
                    f"registration '{item.name}' names auth '{name}', which does not exist: when it is challenged, it"
                    f" is given up{hint}",
                    inherited(item, option),
                )


CHECK = Check(find, level="error", category="answer", request="REGISTER (outbound)")
