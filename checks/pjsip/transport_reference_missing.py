"""An endpoint or registration names a transport that does not exist.

Why it matters: `transport` of an endpoint is needed as soon as Asterisk makes a dialog with it: REGISTER works, but
every INVITE gets 500 (res_pjsip.c:ast_sip_dlg_set_transport), and no call gets out. A registration over a transport
that does not exist is not sent. Names are compared with case, and it is the section's name that counts, not the
protocol.

Client sees: INVITE -> 500

RFC: 3261 section 21.5.1: 500 says that the server is at fault, and so it is.

Verdict: spurious. The phone registers, and its calls are refused.

Does not help: another transport in the phone: the name does not exist whatever it uses.

Fix: write the name of a `type=transport` section, or delete the line, so that Asterisk chooses.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import inherited
from ._references import Known, by_line, respelled

UDP = "[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
ENDPOINT = "[1001]\ntype=endpoint\nallow=ulaw\n"

EXAMPLES = [
    Example(
        bad=UDP + ENDPOINT + "transport=«udp»\n",
        good=UDP + ENDPOINT + "transport=transport-udp\n",
        fixed=UDP + ENDPOINT,
    ),
    Example(
        bad=UDP + ENDPOINT + "transport=«Transport-UDP»\n",
        good=UDP + ENDPOINT + "transport=\n",
        fixed=UDP + ENDPOINT + "transport=transport-udp\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    transports = {item.name for item in pjsip.declared["transport"]}
    if pjsip.external("transport") or not transports:
        return
    known = Known(transports)
    missing = (
        (item, option)
        for item in (*pjsip.endpoints.values(), *pjsip.objects["registration"].values())
        if (option := item.get("transport")) is not None and option.value and option.value not in transports
    )
    for item, option, count in by_line(missing):
        more = f" and {count - 1} more" if count > 1 else ""
        effect = "INVITE gets 500" if item.type == "endpoint" else "it is not sent"
        yield Defect(
            option.value_place,
            f"{item.type} '{item.name}'{more} {'name' if more else 'names'} transport '{option.value}', which does not"
            f" exist: {effect}{known.hint(option.value)}",
            inherited(item, option),
            subject=(option, known.spelling(option.value)),
            answers=(500,) if item.type == "endpoint" else (),
        )


def fix(subject: tuple[Option, str | None]) -> Fix:
    option, name = subject
    if name is not None:
        return respelled(option.value_place, option.value, name)
    return Fix("let Asterisk choose the transport", (remove_line(option),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="INVITE")
