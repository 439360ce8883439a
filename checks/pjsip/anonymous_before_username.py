"""The anonymous endpoint is asked before the phones' own endpoints.

Why it matters: identifiers are tried in the order of `endpoint_identifier_order`, and the first that finds an endpoint
decides (res_pjsip.c:ast_sip_identify_endpoint). The endpoint `anonymous` takes every request, so what is listed behind
it is never asked: no phone is recognised, every REGISTER gets 403, and calls run as those of strangers.

Client sees: REGISTER -> 403

Log: The endpoint that it names is anonymous.
    Endpoint '...' (...:...) has no configured AORs

RFC: 3261 section 10.3: a registrar should authenticate first (step 3) and answers 403 only to a user whom it knows and
who may not do this (step 4). Here nobody was asked.

Verdict: spurious. The phone was never asked for its password.

Does not help: another password, user name or transport: they are not looked at.

Fix: put `anonymous` at the end.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import names
from cfglint.resolve.asterisk import Option

from ._phones import PHONE

ANONYMOUS = "[anonymous]\ntype=endpoint\ncontext=public\nallow=ulaw\n"
GLOBAL = "[global]\ntype=global\nendpoint_identifier_order="

EXAMPLES = [
    Example(
        bad=GLOBAL + "«anonymous»,username,ip\n" + ANONYMOUS + PHONE,
        good=GLOBAL + "anonymous,username,ip\n" + PHONE,
        fixed=GLOBAL + "username,ip,anonymous\n" + ANONYMOUS + PHONE,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    option = pjsip.settings.get("endpoint_identifier_order") if pjsip.settings else None
    anonymous = pjsip.endpoints.get("anonymous")
    if option is None or anonymous is None or not pjsip.phones:
        return
    if pjsip.order.index("anonymous") < pjsip.order.index("username"):
        place = next((place for name, place in names(option) if name.lower() == "anonymous"), None)
        if place is not None:
            yield Defect(
                place,
                "anonymous is asked before username and takes every phone: REGISTER gets 403",
                (Note(anonymous.place, "the anonymous endpoint"),),
                subject=option,
                answers=(403,) if not anonymous.value("auth") else (401, 401),
            )


def fix(option: Option) -> Fix:
    others = [name for name, _ in names(option) if name.lower() != "anonymous"]
    if "username" not in (name.lower() for name in others):
        others.append("username")
    return Fix("ask anonymous last", (set_value(option, ",".join([*others, "anonymous"])),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
