"""An identify that leads nowhere: its endpoint does not exist, or it lacks what it needs.

Why it matters: an `identify` without `endpoint`, or without anything to match, is dropped. One whose endpoint does not
exist matches in vain: the caller is treated (res_pjsip_endpoint_identifier_ip.c) as if its address were unknown: 401,
as long as no other identifier takes it. Names are compared with case.

Client sees: INVITE -> 401

Log:
    Identify '...' points to endpoint '...' but endpoint could not be found
    Identify '...' missing required endpoint name.
    Identify '...' is not configured to match anything.
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The provider's address is listed; it has no password for us.

Does not help: a password for the provider: it does not log in here.

Fix: correct the name.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import MISSING
from cfglint.resolve.asterisk import Option

from ._references import Known, respelled

ENDPOINT = "[Carrier]\ntype=endpoint\nallow=ulaw\n"
IDENTIFY = "[carrier-ip]\ntype=identify\nmatch=203.0.113.5\n"

EXAMPLES = [
    Example(
        bad=ENDPOINT + IDENTIFY + "endpoint=«carrier»\n",
        good=ENDPOINT + IDENTIFY + "endpoint=Carrier\n",
        fixed=ENDPOINT + IDENTIFY + "endpoint=Carrier\n",
    ),
    Example(
        bad=ENDPOINT + "[«carrier-ip»]\ntype=identify\nendpoint=Carrier\n",
        good=ENDPOINT + "[carrier-ip]\ntype=identify\nendpoint=Carrier\nmatch_header=X-Carrier: 77\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("endpoint"):
        return
    known = Known(pjsip.endpoints)
    for identify in pjsip.declared["identify"]:
        if identify.drop is not None and identify.drop.reason == MISSING and not identify.section.incomplete:
            what = "no endpoint" if identify.drop.detail == "endpoint" else "nothing to match"
            yield Defect(
                identify.place,
                f"identify '{identify.name}' has {what} and is dropped: calls that it should recognise get 401",
                category="load",
                answers=(401,),
            )
        option = identify.get("endpoint")
        if identify.drop is not None or option is None or identify.wizard:
            continue
        if pjsip.find("endpoint", option.value) is not None:
            continue
        spelling = known.spelling(option.value)
        yield Defect(
            option.value_place,
            f"identify '{identify.name}' names endpoint '{option.value}', which does not exist: calls get 401"
            f"{known.hint(option.value)}",
            subject=(option, spelling) if spelling else None,
            answers=(401,),
        )


def fix(subject: tuple[Option, str]) -> Fix:
    option, name = subject
    return respelled(option.value_place, option.value, name)


CHECK = Check(find, level="error", category="answer", fix=fix, request="INVITE")
