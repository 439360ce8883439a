"""A phone's endpoint without auth: whoever calls himself so may register and call.

Why it matters: an endpoint without `auth` is not challenged
(res_pjsip_authenticator_digest.c:digest_requires_authentication). Whoever sends its name in From can register, take its
calls, and call at the owner's cost. Scanners try short numbers all day.

An endpoint with an address list of its own, one that is found by its address only, and a server that lets in listed
addresses only (`type=acl`), are left alone.

Log: Nothing. Nobody is refused.

RFC: 3261 section 10.3: a registrar should authenticate its clients (step 3).

Fix: add an `auth`. Where an auth of the endpoint's name is there and nobody uses it, the edit takes that one; unsafe,
as who has come in without a password does not any more.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

from ._phones import AOR, AUTH, PHONE, found_by_name

EXAMPLES = [
    Example(
        bad="[«1001»]\ntype=endpoint\nallow=ulaw\naors=1001\n" + AOR,
        good=PHONE,
    ),
    Example(
        bad="[«1001»]\ntype=endpoint\nallow=ulaw\naors=1001\n" + AOR + AUTH,
        good=PHONE,
        fixed="[1001]\ntype=endpoint\nallow=ulaw\naors=1001\nauth=1001\n" + AOR + AUTH,
    ),
    Example(
        bad="[«1001»]\ntype=endpoint\nallow=ulaw\naors=1001\nauth=\n" + AOR,
        good="[1001]\ntype=endpoint\nallow=ulaw\naors=1001\ndeny=0.0.0.0/0\npermit=192.0.2.7\n" + AOR,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    fenced = {acl.name for acl in pjsip.access_lists() if acl.kind == "endpoint" and acl.purpose == "source"}
    if pjsip.loaded("acl"):
        return
    logins = [*pjsip.declared["endpoint"], *pjsip.declared["registration"]]
    used = {name for item in logins for key in ("auth", "outbound_auth") for name in item.items(key)}
    for endpoint in pjsip.endpoints.values():
        if endpoint.value("auth") or endpoint.section.incomplete or endpoint.name in fenced:
            continue
        if endpoint.name == "anonymous" or not pjsip.registers(endpoint) or not found_by_name(endpoint):
            continue
        yield Defect(
            endpoint.place,
            f"endpoint '{endpoint.name}' has no auth: whoever calls himself '{endpoint.name}' may register and call",
            subject=endpoint if _waits(pjsip, endpoint, used) else None,
        )


def _waits(pjsip: Pjsip, endpoint: Object, used: set[str]) -> bool:
    """Is an auth of the endpoint's name there that nobody uses?"""
    auth = pjsip.auths.get(endpoint.name)
    return auth is not None and auth.name not in used and auth.value("username") == endpoint.name


def fix(endpoint: Object) -> Fix:
    edit = set_option(endpoint.section, endpoint.get("auth"), "auth", endpoint.name)
    return Fix(f"let endpoint '{endpoint.name}' prove itself with the auth of its name", (edit,))


CHECK = Check(find, level="warning", category="security", fix=fix, request="REGISTER")
