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

Fix: name the `type=auth` section with the user name and password. The edit corrects a slip, and takes the auth of the
endpoint that calls out there, or of the registration's own name, where none is named.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.names import Suggestions
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, names

from ._phones import inherited
from ._trunks import contact_hosts, host_of

REGISTRATION = "type=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"
AUTH = "[itsp]\ntype=auth\nusername=77\npassword=x\n"

EXAMPLES = [
    Example(
        bad="[«itsp»]\n" + REGISTRATION + AUTH,
        good="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
        fixed="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
    ),
    Example(
        bad="[itsp]\n" + REGISTRATION + "outbound_auth=«itsp-auth»\n" + AUTH,
        good="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
    ),
    Example(
        bad="[itsp]\n" + REGISTRATION + "outbound_auth=«Itsp»\n" + AUTH,
        good="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
        fixed="[itsp]\n" + REGISTRATION + "outbound_auth=itsp\n" + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("auth"):
        return
    suggestions, outbound = Suggestions(pjsip.auths), _auths_by_host(pjsip)
    for item in pjsip.objects["registration"].values():
        option = item.get("outbound_auth")
        if not names(option) and not item.section.incomplete and not item.wizard:
            text = f"registration '{item.name}' has no outbound_auth: if it is challenged, it is given up"
            yield Defect(item.place, text, subject=_named(pjsip, item, outbound), level="info")
        for name, place in names(option):
            if pjsip.find("auth", name) is None:
                meant = suggestions.nearest(name)
                hint = f"; did you mean '{meant}'?" if meant else ""
                yield Defect(
                    place,
                    f"registration '{item.name}' names auth '{name}', which does not exist: when it is challenged, it"
                    f" is given up{hint}",
                    inherited(item, option),
                    subject=Fix(f"write '{meant}' for '{name}'", (replace(place, meant),)) if meant else None,
                )


def _auths_by_host(pjsip: Pjsip) -> dict[str, set[str]]:
    """The auths of the endpoints that call out to a host."""
    found: dict[str, set[str]] = {}
    for endpoint in pjsip.endpoints.values():
        if endpoint.value("outbound_auth"):
            for host in contact_hosts(pjsip, endpoint):
                found.setdefault(host.name, set()).update(endpoint.items("outbound_auth"))
    return found


def _named(pjsip: Pjsip, item: Object, outbound: dict[str, set[str]]) -> Fix | None:
    """The auth that plainly belongs to a registration without one, as its outbound_auth."""
    there = outbound.get(host_of(item.value("server_uri")), set())
    auth = next(iter(there)) if len(there) == 1 else item.name
    if auth not in pjsip.auths or auth in pjsip.inbound_auths:
        return None
    edit = set_option(item.section, item.get("outbound_auth"), "outbound_auth", auth)
    return Fix(f"log in with auth '{auth}'", (edit,))


def fix(made: Fix) -> Fix:
    return made


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER (outbound)")
