"""An endpoint for a phone that may only be found by its address.

Why it matters: with `identify_by=ip` the name in From does not find the endpoint. Without an `identify` section for the
phone's address nothing does, and it gets 401 again and again. With one, releases before 20.21, 22.11 and 23.5 still
answer a REGISTER with 404: res_pjsip_registrar.c:find_registrar_aor chooses the AOR only by the names that
`identify_by` allows.

Client sees: REGISTER -> 401 -> 401; with an identify section, before 20.21, 22.11 and 23.5: REGISTER -> 401 -> 404

Log:
    AOR '' not found for endpoint '...' (...:...)
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 10.3: the address-of-record is that of To (step 5), however the caller was recognised.

Verdict: spurious. To names an AOR that exists.

Does not help: typing the password again, another transport.

Fix: add `username` to `identify_by`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.asterisk_changes import TO_FIRST
from cfglint.model.pjsip import Pjsip

from ._phones import AOR, AUTH, find_by_name_too, found_by_name, inherited

ENDPOINT = "[1001]\ntype=endpoint\naors=1001\nauth=1001\nidentify_by="
IDENTIFY = "[desk]\ntype=identify\nendpoint=1001\nmatch=192.0.2.7\n"

EXAMPLES = [
    Example(
        bad=ENDPOINT + "«ip»\n" + AUTH + AOR,
        good=ENDPOINT + "ip,username\n" + AUTH + AOR,
        fixed=ENDPOINT + "ip,username\n" + AUTH + AOR,
    ),
    Example(
        bad=ENDPOINT + "«header,ip»\n" + AUTH + AOR + IDENTIFY,
        good=ENDPOINT + "auth_username\n" + AUTH + AOR + IDENTIFY,
        fixed=ENDPOINT + "header,ip,username\n" + AUTH + AOR + IDENTIFY,
        targets=("asterisk=20.20",),
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("identify"):
        return
    for endpoint in pjsip.endpoints.values():
        option = endpoint.get("identify_by")
        if option is None or not option.value or found_by_name(endpoint) or endpoint.wizard:
            continue
        if not endpoint.value("auth") or not pjsip.registers(endpoint):
            continue
        found = endpoint.name in pjsip.recognised
        to_first = pjsip.has(TO_FIRST)
        if found and to_first:
            continue
        if found:
            effect = "REGISTER gets 404, as To may not choose the aor"
            effect += "" if to_first is False else " (before 20.21, 22.11 and 23.5)"
        else:
            effect = "nothing recognises the phone, which gets 401 again and again"
        yield Defect(
            option.value_place,
            f"endpoint '{endpoint.name}' is not found by name: {effect}",
            inherited(endpoint, option),
            subject=endpoint,
            level="info" if found and to_first is None else None,
            answers=(401, 404) if found else (401, 401),
        )


CHECK = Check(find, level="error", category="answer", fix=find_by_name_too, request="REGISTER")
