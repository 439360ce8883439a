"""An endpoint with an account but without aors, so that it cannot register.

Why it matters: res_pjsip_registrar.c:registrar_on_rx_request answers 403 to every REGISTER of an endpoint whose `aors`
is empty, after the password was accepted. Nothing links an AOR of the same name by itself. Nobody can call the endpoint
either.

Client sees: REGISTER -> 401 -> 403

Log:
    Endpoint '...' (...:...) has no configured AORs

RFC: 3261 section 10.3: 403 is for a user who may not change the bindings of this address-of-record (step 4). The phone
may; it is only not written where they are kept.

Verdict: spurious. The password was right.

Does not help: typing the password again; giving the AOR the endpoint's name without `aors=`.

Fix: add `aors=` with the AOR's name. Where an AOR of the endpoint's own name exists, that can be done automatically.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, UNSAFE, Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

REST = "[1001]\ntype = aor\nmax_contacts = 1\n\n[1001]\ntype = auth\nusername = 1001\npassword = s3cret\n"

EXAMPLES = [
    Example(
        bad="[«1001»]\ntype = endpoint\nauth = 1001\n\n" + REST,
        good="[1001]\ntype = endpoint\nauth = 1001\naors = 1001\n\n" + REST,
        fixed="[1001]\ntype = endpoint\nauth = 1001\naors = 1001\n\n" + REST,
    ),
    Example(
        bad="[«1001»]\ntype=endpoint\nauth=1001\n[1001]\ntype=auth\nusername=1001\npassword=s3cret\n",
        good="[trunk]\ntype=endpoint\nauth=trunk\n[trunk]\ntype=identify\nendpoint=trunk\nmatch=192.0.2.9\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    used = {name for endpoint in pjsip.declared["endpoint"] for name in endpoint.items("aors")}
    for endpoint in pjsip.endpoints.values():
        if endpoint.section.incomplete or endpoint.wizard or endpoint.items("aors"):
            continue
        aor = pjsip.aors.get(endpoint.name)
        if aor is not None and (endpoint.name not in used or endpoint.get("auth") is not None):
            message = f"endpoint '{endpoint.name}' has no aors: nothing links aor '{aor.name}' to it, REGISTER gets 403"
            note = Note(aor.place, f"aor '{aor.name}' is meant for it")
            yield Defect(endpoint.place, message, (note,), subject=endpoint, answers=_answers(endpoint))
        elif aor is None and endpoint.get("auth") is not None and not pjsip.is_trunk(endpoint):
            message = f"endpoint '{endpoint.name}' has no aors: REGISTER gets 403, and nobody can call it"
            yield Defect(endpoint.place, message, level="warning", answers=_answers(endpoint))


def _answers(endpoint: Object) -> tuple[int, ...]:
    return (401, 403) if endpoint.get("auth") is not None else (403,)


def fix(endpoint: Object) -> Fix:
    """Safe where the endpoint has a password of its own: only who knows it gets in."""
    edit = set_option(endpoint.section, endpoint.get("aors"), "aors", endpoint.name)
    safety = SAFE if endpoint.value("auth") else UNSAFE
    return Fix(f"link endpoint '{endpoint.name}' to the aor of its name", (edit,), safety)


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
