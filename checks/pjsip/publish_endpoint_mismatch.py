"""An inbound-publication waits for an endpoint that does not exist.

Why it matters: res_pjsip_pubsub.c:publish_request_initial answers 403 to a PUBLISH that does not come from the endpoint
which the section names. Where that endpoint does not exist, every PUBLISH is refused. Names are compared with case.

Client sees: PUBLISH -> 403

RFC: 3261 section 21.4.4: credentials will not help, which is so: they were accepted.

Verdict: spurious. Nobody could be let in, as the endpoint does not exist.

Does not help: another password.

Fix: write the name of the endpoint that publishes, or leave `endpoint` out, so that any may.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import inherited
from ._references import Known, respelled

ENDPOINT = "[pbx-b]\ntype=endpoint\nallow=ulaw\n"
PUBLICATION = "[mwi]\ntype=inbound-publication\nevent_asterisk-mwi=mwi\nendpoint="

EXAMPLES = [
    Example(
        bad=ENDPOINT + PUBLICATION + "«PBX-B»\n",
        good=ENDPOINT + PUBLICATION + "pbx-b\n",
        fixed=ENDPOINT + PUBLICATION + "pbx-b\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("endpoint"):
        return
    known = Known(pjsip.endpoints)
    for item in pjsip.objects["inbound-publication"].values():
        option = item.get("endpoint")
        if option is None or not option.value or pjsip.find("endpoint", option.value) is not None:
            continue
        spelling = known.spelling(option.value)
        yield Defect(
            option.value_place,
            f"publication '{item.name}' is for endpoint '{option.value}', which does not exist: every PUBLISH gets"
            f" 403{known.hint(option.value)}",
            inherited(item, option),
            subject=(option, spelling) if spelling else None,
            answers=(403,),
        )


def fix(subject: tuple[Option, str]) -> Fix:
    option, name = subject
    return respelled(option.value_place, option.value, name)


CHECK = Check(find, level="error", category="answer", fix=fix, request="PUBLISH")
