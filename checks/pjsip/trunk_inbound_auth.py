"""An endpoint that is recognised by its address is challenged for a password all the same.

Why it matters: `auth` on an endpoint makes Asterisk challenge what comes in
(res_pjsip_authenticator_digest.c:digest_requires_authentication), also where an `identify` section or the `line` of a
registration has recognised the caller. A provider has no password for us: its calls get 401 and are given up. What
Asterisk is to prove itself with at the provider is `outbound_auth`.

Two systems that log in at each other, with an `auth` and an `outbound_auth` of their own, are left alone, and so are
phones with a fixed address.

Client sees: INVITE -> 401

Log: A caller that does not answer the challenge leaves no line.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The provider has no password for us and needs none.

Does not help: the right password in `auth`: the other side does not know it.

Fix: write `outbound_auth` for `auth`, and `identify_by=ip`: the address alone lets in from then on, and a stranger who
puts the endpoint's name into From does not get in by that.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_line, rename
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

from ._phones import AOR, AUTH, found_by_name, only_by_address
from ._trunks import with_line

TRUNK = "[carrier]\ntype=endpoint\nallow=ulaw\n"
IDENTIFY = "[carrier-ip]\ntype=identify\nendpoint=carrier\nmatch=203.0.113.5\n"

EXAMPLES = [
    Example(
        bad=TRUNK + "«auth»=1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "outbound_auth=1001\n" + IDENTIFY + AUTH,
        fixed=TRUNK + "outbound_auth=1001\nidentify_by=ip\n" + IDENTIFY + AUTH,
    ),
    Example(
        bad=TRUNK + "outbound_auth=1001\n«auth»=1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "auth=1001\naors=1001\n" + IDENTIFY + AUTH + AOR,
        fixed=TRUNK + "outbound_auth=1001\nidentify_by=ip\n" + IDENTIFY + AUTH,
    ),
    Example(
        bad=TRUNK + "identify_by = ip,username\noutbound_auth = 1001\n«auth» = 1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "identify_by = ip\noutbound_auth = 1001\n" + IDENTIFY + AUTH,
        fixed=TRUNK + "identify_by = ip\noutbound_auth = 1001\n" + IDENTIFY + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    lines = with_line(pjsip)
    for identify in [*pjsip.objects["identify"].values(), *pjsip.objects["registration"].values()]:
        endpoint = pjsip.endpoints.get(identify.value("endpoint"))
        option = endpoint.get("auth") if endpoint is not None else None
        if endpoint is None or option is None or not option.value or endpoint.wizard or pjsip.registers(endpoint):
            continue
        if identify.type == "registration" and endpoint.name not in lines:
            continue
        outbound = endpoint.value("outbound_auth")
        if outbound and outbound != option.value:
            continue
        by = "address" if identify.type == "identify" else "line"
        yield Defect(
            option.key_place,
            f"endpoint '{endpoint.name}' is recognised by its {by} and challenged all the same: a provider cannot"
            " answer that, and its calls get 401; outbound_auth is what Asterisk logs in with",
            (Note(identify.place, f"{identify.type} '{identify.name}' recognises it"),),
            subject=endpoint if option.home is endpoint.section else None,
            # A peer that has the same password for both ways may well answer.
            level="info" if outbound else None,
            answers=(401,),
        )


def fix(endpoint: Object) -> Fix | None:
    option = endpoint.get("auth")
    if option is None:
        return None
    edits = [remove_line(option) if endpoint.get("outbound_auth") is not None else rename(option, "outbound_auth")]
    if found_by_name(endpoint):
        edits.append(only_by_address(endpoint))
    return Fix(f"do not challenge endpoint '{endpoint.name}', but log in with its auth", tuple(edits))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
