"""A phone may not subscribe, though its context has hints for it.

Why it matters: with `allow_subscribe=no` every SUBSCRIBE of the endpoint gets 603
(res_pjsip_pubsub.c:pubsub_on_rx_subscribe_request), and its busy lamps stay dark. Where the endpoint's
`subscribe_context` or `context` has hints, somebody wants lamps. Right where this phone shall not see them.

Client sees: SUBSCRIBE -> 401 -> 603

Log:
    Subscriptions not permitted for endpoint ...

RFC: 3261 section 21.6.2: 603 says that nobody else will take the request either; of a subscription it is as final as
403.

Verdict: deserved, if this phone is not to see who is busy; spurious where its own context has hints for it.

Does not help: registering again; the registration has nothing to do with it.

Fix: write `allow_subscribe=yes`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Option
from cfglint.simulate.dialplan import Dialplan
from cfglint.source import Source

from ._phones import PHONE, inherited

HINTS = "[phones]\nexten => 600,hint,PJSIP/600\nexten => 600,1,Answer()\n"
NO_HINTS = "[phones]\nexten => 600,1,Answer()\n"

EXAMPLES = [
    Example(
        bad={"pjsip.conf": f"{PHONE}[1001](+)\ncontext=phones\nallow_subscribe=«no»\n", "extensions.conf": HINTS},
        good={"pjsip.conf": f"{PHONE}[1001](+)\ncontext=phones\nallow_subscribe=no\n", "extensions.conf": NO_HINTS},
        fixed={"pjsip.conf": f"{PHONE}[1001](+)\ncontext=phones\nallow_subscribe=yes\n", "extensions.conf": HINTS},
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    found: dict[tuple[Source, int], tuple[Object, Option, int]] = {}
    for endpoint in pjsip.phones:
        option = endpoint.get("allow_subscribe")
        if option is not None and not is_true(option.value) and not endpoint.wizard:
            first, _, count = found.get((option.source, option.start), (endpoint, option, 0))
            found[option.source, option.start] = first, option, count + 1
    if not found:
        return
    dialplan = Dialplan(pjsip.tree.companion("extensions.conf"))
    for endpoint, option, count in found.values():
        context = endpoint.value("subscribe_context") or endpoint.value("context", "default")
        hint = dialplan.first_hint(context)
        if hint is None:
            continue
        more = f" and {count - 1} more" if count > 1 else ""
        yield Defect(
            option.value_place,
            f"endpoint '{endpoint.name}'{more} may not subscribe, though context '{context}' has hints: SUBSCRIBE gets"
            " 603",
            (Note(hint.place, "a hint"), *inherited(endpoint, option)),
            subject=option,
            answers=(401, 603),
        )


def fix(option: Option) -> Fix:
    return Fix("let the endpoint subscribe", (set_value(option, "yes"),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="SUBSCRIBE")
