"""modules.conf keeps a module from loading that pjsip.conf needs.

Why it matters: without res_pjsip_registrar every REGISTER gets 501, as nothing handles it; without the identifiers by
user name or by address nobody is recognised, and everybody gets 401; without res_pjsip_session or chan_pjsip there are
no calls; without res_pjsip_authenticator_digest no password is asked for (res_pjsip.c:ast_sip_requires_authentication).
A `noload` wins over `load` and `autoload` (main/loader.c).

Client sees: REGISTER -> 401 -> 501; without the identifier by user name: REGISTER -> 401 -> 401

Log: Else nothing: a module that is not to be loaded is not missed.
    No SIP authenticator registered. Assuming authentication is not required

RFC: 3261 section 21.5.2: 501 says that the server supports the method for nobody.

Verdict: spurious. The accounts are all there.

Does not help: anything that is changed in the phone or in pjsip.conf.

Fix: delete the `noload` line.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import PHONE, found_by_name

EXAMPLES = [
    Example(
        bad={"pjsip.conf": PHONE, "modules.conf": "[modules]\nautoload=yes\n«noload => res_pjsip_registrar.so»\n"},
        good={"pjsip.conf": PHONE, "modules.conf": "[modules]\nautoload=yes\nnoload => chan_sip.so\n"},
        fixed={"pjsip.conf": PHONE, "modules.conf": "[modules]\nautoload=yes\n"},
    ),
    Example(
        bad={"pjsip.conf": PHONE, "modules.conf": "[modules]\n«noload = res_pjsip_endpoint_identifier_user»\n"},
        good={"pjsip.conf": PHONE, "modules.conf": "[modules]\nnoload = res_pjsip_endpoint_identifier_ip\n"},
        fixed={"pjsip.conf": PHONE, "modules.conf": "[modules]\n"},
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    config = pjsip.tree.companion("modules.conf")
    if config is None or not pjsip.endpoints:
        return
    needed = dict(_needed(pjsip))
    for section in config.named("modules"):
        for option in section.options:
            module = option.value.strip().lower().removesuffix(".so")
            if option.name == "noload" and module in needed:
                text = f"{module} is not loaded, which pjsip.conf needs: {needed[module]}"
                yield Defect(option.place, text, subject=option)


def _needed(pjsip: Pjsip) -> Iterator[tuple[str, str]]:
    """Modules that the objects make use of, and what happens without them."""
    endpoints = pjsip.endpoints.values()
    yield "res_pjsip", "nothing listens"
    yield "res_pjsip_session", "INVITE gets 501"
    yield "chan_pjsip", "there are no calls"
    if any(pjsip.registers(endpoint) for endpoint in endpoints):
        yield "res_pjsip_registrar", "REGISTER gets 501"
    if any(endpoint.value("auth") for endpoint in endpoints):
        yield "res_pjsip_authenticator_digest", "no password is asked for, and whoever knows a name gets in"
    if any(found_by_name(endpoint) for endpoint in pjsip.phones):
        yield "res_pjsip_endpoint_identifier_user", "phones are not recognised and get 401"
    if pjsip.objects["identify"]:
        yield "res_pjsip_endpoint_identifier_ip", "nobody is recognised by his address, and trunks get 401"
    if pjsip.objects["registration"]:
        yield "res_pjsip_outbound_registration", "Asterisk does not register anywhere"
    if any(item.value("outbound_auth") for item in [*endpoints, *pjsip.objects["registration"].values()]):
        yield "res_pjsip_outbound_authenticator_digest", "Asterisk cannot answer a challenge"


def fix(option: Option) -> Fix:
    return Fix(f"let {option.value.strip()} load", (remove_line(option),))


CHECK = Check(find, level="error", category="load", fix=fix, request="any request")
