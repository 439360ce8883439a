"""The anonymous endpoint takes what should be found by digest user, header or request-URI.

Why it matters: the endpoint `anonymous` claims every request that no identifier before it has claimed. A phone that is
to be found by its digest user sends none with its first request, is taken for anonymous and gets 403, wherever
`auth_username` stands in `endpoint_identifier_order`. Identifiers that the order does not list are tried last, which is
behind `anonymous` (res_pjsip.c:ast_sip_register_endpoint_identifier_with_name): what an `identify` section recognises
by `match_header` or `match_request_uri` then goes to anonymous, too.

Client sees: REGISTER -> 403

Log: The endpoint that it names is anonymous.
    Endpoint '...' (...:...) has no configured AORs

RFC: 3261 section 22.2: a client need not send credentials before it was challenged; so the first request of a phone
never has any.

Verdict: spurious. The phone was never asked for its password.

Does not help: listing `auth_username` in front of `anonymous`: the first request has no Authorization header in any
order.

Fix: add `username` to the endpoint's `identify_by`; list `header` and `request_uri` in front of `anonymous`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import identify_by

from ._phones import AOR, AUTH, find_by_name_too, inherited

ANONYMOUS = "[anonymous]\ntype=endpoint\ncontext=public\nallow=ulaw\n"
ENDPOINT = "[1001]\ntype=endpoint\naors=1001\nauth=1001\nidentify_by="
IDENTIFY = "[carrier]\ntype=endpoint\nallow=ulaw\n[carrier]\ntype=identify\nendpoint=carrier\nmatch_header="
GLOBAL = "[global]\ntype=global\nendpoint_identifier_order="

EXAMPLES = [
    Example(
        bad=ANONYMOUS + ENDPOINT + "«auth_username»\n" + AUTH + AOR,
        good=ENDPOINT + "auth_username\n" + AUTH + AOR,
        fixed=ANONYMOUS + ENDPOINT + "auth_username,username\n" + AUTH + AOR,
    ),
    Example(
        bad=ANONYMOUS + IDENTIFY + "«X-Carrier: 77»\n",
        good=GLOBAL + "ip,header,username,anonymous\n" + ANONYMOUS + IDENTIFY + "X-Carrier: 77\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    anonymous = pjsip.endpoints.get("anonymous")
    if anonymous is None or anonymous.value("auth"):
        return
    note = Note(anonymous.place, "the anonymous endpoint takes it")
    for endpoint in pjsip.endpoints.values():
        methods, option = identify_by(endpoint), endpoint.get("identify_by")
        if option is None or "auth_username" not in methods or endpoint.wizard or endpoint.name in pjsip.identified:
            continue
        if "username" in methods:
            continue  # found by From
        yield Defect(
            option.value_place,
            f"endpoint '{endpoint.name}' is found only by the digest user, which a first request does not have:"
            " anonymous takes it, and REGISTER gets 403",
            (note, *inherited(endpoint, option)),
            subject=endpoint,
            answers=(403,),
        )
    for identifier, key in (("header", "match_header"), ("request_uri", "match_request_uri")):
        if pjsip.order.index(identifier) < pjsip.order.index("anonymous"):
            continue
        for identify in pjsip.objects["identify"].values():
            option = identify.get(key)
            if option is None or not option.value or identify.value("match"):
                continue
            text = (
                f"identify '{identify.name}' comes too late: '{identifier}' is tried after anonymous, which takes all"
            )
            yield Defect(option.value_place, text, (note,), level="warning", request="INVITE")


CHECK = Check(find, level="error", category="answer", fix=find_by_name_too, request="REGISTER")
