"""A transport without bind, on which nothing listens.

Why it matters: res_pjsip/config_transport.c:transport_apply drops a transport that is not bound to an address. What
phones send there gets no answer at all, or the connection is refused.

Client sees: any request -> no answer; over TCP or TLS: REGISTER -> connection refused

Log:
    Transport '...' could not be started as binding not specified

Verdict: spurious. The phone asks the right server.

Does not help: anything that is changed in the phone, or in the firewall.

Fix: write `bind=0.0.0.0`, or the one address that phones are to use.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import MISSING, Object

EXAMPLES = [
    Example(
        bad="[«transport-udp»]\ntype=transport\nprotocol=udp\n",
        good="[transport-udp]\ntype=transport\nprotocol=udp\nbind=[::]\n",
        fixed="[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    for item in pjsip.declared["transport"]:
        if item.drop is not None and item.drop.reason == MISSING:
            text = f"transport '{item.name}' has no bind and is dropped: nothing listens there"
            yield Defect(item.place, text, subject=item)


def fix(item: Object) -> Fix:
    edit = set_option(item.section, item.get("bind"), "bind", "0.0.0.0")  # noqa: S104
    return Fix(f"let transport '{item.name}' listen on every address", (edit,))


CHECK = Check(find, level="error", category="load", fix=fix, request="any request")
