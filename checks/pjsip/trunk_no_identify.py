"""Nothing recognises the calls that come from a trunk.

Why it matters: the calls of a provider carry the caller's number in From, so they are not found by name. Without an
`identify` section for the provider's addresses, and without `line=yes` in the registration, no endpoint is found
(res_pjsip/pjsip_distributor.c:endpoint_lookup), and the calls get 401. A warning where calls are plainly expected:
where Asterisk registers with the provider, where the endpoint has nothing to call out with, or where it has a `context`
that no phone calls in. A caller who puts the endpoint's name into From is found all the same.

Client sees: INVITE -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The provider has no password for us.

Does not help: an `auth` for the provider; an `aor` with its `contact`: it is for calls out.

Fix: add an `identify` section with the provider's host, or `line=yes` and `endpoint` to the registration. The edit
writes the section, with the hosts that the endpoint's AORs name; who calls from there comes in without a password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_section
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

from ._trunks import contact_hosts, registrations, with_line

TRUNK = "[itsp]\ntype=endpoint\ncontext=from-itsp\nallow=ulaw\naors=itsp\noutbound_auth=itsp\n"
AOR = "[itsp]\ntype=aor\ncontact=sip:sip.example.net\n"
REGISTRATION = "[itsp]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"
AUTH = "outbound_auth=itsp\n[itsp]\ntype=auth\nusername=77\npassword=x\n"

EXAMPLES = [
    Example(
        bad=TRUNK.replace("[itsp]", "[«itsp»]") + AOR + REGISTRATION + AUTH,
        good=TRUNK + AOR + REGISTRATION + AUTH + "[itsp]\ntype=identify\nendpoint=itsp\nmatch=sip.example.net\n",
        fixed=TRUNK + "\n[itsp]\ntype=identify\nendpoint=itsp\nmatch=sip.example.net\n" + AOR + REGISTRATION + AUTH,
    ),
    Example(
        bad=TRUNK.replace("[itsp]", "[«itsp»]") + AOR,
        good=TRUNK + AOR + REGISTRATION + "line=yes\nendpoint=itsp\n" + AUTH,
        fixed=TRUNK + "\n[itsp]\ntype=identify\nendpoint=itsp\nmatch=sip.example.net\n" + AOR,
    ),
    Example(
        bad={
            "pjsip.conf": TRUNK.replace("[itsp]", "[«itsp»]") + "#include codecs.conf\n" + AOR,
            "codecs.conf": "disallow=all\nallow=alaw\n",
        },
        good={
            "pjsip.conf": TRUNK + AOR + REGISTRATION + "line=yes\nendpoint=itsp\n" + AUTH,
            "codecs.conf": "disallow=all\nallow=alaw\n",
        },
        fixed={
            "pjsip.conf": TRUNK
            + "#include codecs.conf\n\n[itsp]\ntype=identify\nendpoint=itsp\nmatch=sip.example.net\n"
            + AOR,
            "codecs.conf": "disallow=all\nallow=alaw\n",
        },
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("identify") or pjsip.external("registration"):
        return
    lines, by_host = with_line(pjsip), registrations(pjsip)
    inside = {e.value("context") for e in pjsip.endpoints.values() if e.value("auth") or pjsip.registers(e)}
    default = pjsip.settings.value("default_outbound_endpoint") if pjsip.settings else ""
    for endpoint in pjsip.endpoints.values():
        if endpoint.name in (default, "default_outbound_endpoint"):
            continue
        if endpoint.name in lines or endpoint.name in pjsip.identified or endpoint.section.incomplete:
            continue
        if endpoint.wizard or endpoint.value("auth") or pjsip.registers(endpoint) or "anonymous" in pjsip.endpoints:
            continue
        hosts, context = contact_hosts(pjsip, endpoint), endpoint.value("context")
        aors, logs_in = endpoint.items("aors"), bool(endpoint.value("outbound_auth"))
        if not context or context == "default" or (aors and not hosts):
            continue
        registered = next((r for host in hosts for r in by_host.get(host.name, ())), None)
        if registered is None and not hosts and logs_in:
            continue  # only to call out through
        inbound = not aors and not logs_in
        expected = registered is not None or inbound or (context not in inside and bool(pjsip.phones))
        notes = (Note(registered.place, f"registration '{registered.name}'"),) if registered is not None else ()
        yield Defect(
            endpoint.place,
            f"nothing recognises the calls of endpoint '{endpoint.name}': no identify names it, and they get 401",
            notes,
            subject=(pjsip, endpoint, list(dict.fromkeys(host.name for host in hosts))) if hosts else None,
            level="warning" if expected else "info",
            answers=(401,),
        )


def fix(subject: tuple[Pjsip, Object, list[str]]) -> Fix:
    pjsip, endpoint, hosts = subject
    settings = (("type", "identify"), ("endpoint", endpoint.name), ("match", ",".join(hosts)))
    edit = add_section(pjsip.config, endpoint.section, endpoint.name, *settings)
    return Fix(f"take what comes from {' and '.join(hosts)} for endpoint '{endpoint.name}'", (edit,))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
