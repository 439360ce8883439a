"""The order of identifiers names auth_username, but no endpoint lets itself be found by it.

Why it matters: `endpoint_identifier_order` only says in which order the identifiers are tried; which of them may find
an endpoint says its `identify_by`, by default `username,ip` (res_pjsip_endpoint_identifier_user.c). Phones whose From
differs from their digest user, for whom somebody has added `auth_username` to the order, get 401 again and again.

An order that lists every identifier there is says nothing about what is needed, and is left alone; so is one beside
`unidentified_request_count`, which takes effect only with `auth_username` in the order (pjsip_distributor.c).

Client sees: with another name in From than in the digest: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The credentials are right, and nobody looks for the endpoint by them.

Does not help: another order of the identifiers: the order excludes nothing and adds nothing.

Fix: add `auth_username` to `identify_by` of the endpoints that phones use.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Edit, Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, identify_by, names

from ._phones import AOR, AUTH, PHONE

GLOBAL = "[global]\ntype=global\nendpoint_identifier_order=ip,username,"
ENDPOINT = "[1001]\ntype=endpoint\naors=1001\nauth=1001\n"
WIDE = "identify_by=username,auth_username\n"

EXAMPLES = [
    Example(
        bad=GLOBAL + "«auth_username»\n" + AUTH + AOR + ENDPOINT,
        good=GLOBAL + "auth_username\n" + AUTH + AOR + ENDPOINT + WIDE,
        fixed=GLOBAL + "auth_username\n" + AUTH + AOR + ENDPOINT + WIDE,
    ),
    Example(
        bad=GLOBAL + "«auth_username»\n" + PHONE,
        good=GLOBAL + "anonymous,header,auth_username\n" + PHONE,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    option = pjsip.settings.get("endpoint_identifier_order") if pjsip.settings else None
    listed = {name.lower(): place for name, place in names(option)}
    if "auth_username" not in listed or "header" in listed or pjsip.external("endpoint"):
        return
    if pjsip.settings and any(o.name.startswith("unidentified_request_") for o in pjsip.settings.options):
        return
    if not pjsip.phones or any("auth_username" in identify_by(e) for e in pjsip.declared["endpoint"]):
        return
    yield Defect(
        listed["auth_username"],
        "no endpoint has auth_username in its identify_by, so nobody is found by the digest user",
        subject=[endpoint for endpoint in pjsip.phones if not endpoint.wizard],
        answers=(401, 401),
    )


def fix(endpoints: list[Object]) -> Fix | None:
    edits: dict[tuple[str, int], Edit] = {}
    for endpoint in endpoints:
        option = endpoint.get("identify_by")
        if option is None:
            edit = add_option(endpoint.section, ("identify_by", "username,auth_username"))
        else:
            edit = set_value(option, f"{option.value},auth_username")
        edits[edit.place.source.path, edit.place.span.start] = edit
    if not edits:
        return None
    return Fix("let endpoints be found by the digest user, too", tuple(edits.values()))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="any request")
