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
from cfglint.knowledge.names import Suggestions
from cfglint.model.editing import remove_line, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option, folded
from cfglint.source import Source

from ._phones import inherited

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
    known = {item.name for item in pjsip.declared["transport"]}
    if pjsip.external("transport") or not known:
        return
    spellings = {folded(name): name for name in known}
    suggestions = Suggestions(known)
    found: dict[tuple[Source, int], tuple[Object, Option, int]] = {}
    for item in [*pjsip.endpoints.values(), *pjsip.objects["registration"].values()]:
        option = item.get("transport")
        if option is not None and option.value and option.value not in known:
            first, _, count = found.get((option.source, option.start), (item, option, 0))
            found[option.source, option.start] = first, option, count + 1
    for item, option, count in found.values():
        spelling = spellings.get(folded(option.value))
        meant = spelling or suggestions.nearest(option.value)
        hint = f"; did you mean '{meant}'?" if meant else ""
        more = f" and {count - 1} more" if count > 1 else ""
        effect = "INVITE gets 500" if item.type == "endpoint" else "it is not sent"
        yield Defect(
            option.value_place,
            f"{item.type} '{item.name}'{more} {'name' if more else 'names'} transport '{option.value}', which does not"
            f" exist: {effect}{hint}",
            inherited(item, option),
            subject=(option, spelling),
            answers=(500,) if item.type == "endpoint" else (),
        )


def fix(subject: tuple[Option, str | None]) -> Fix:
    option, name = subject
    if name is not None:
        return Fix(f"write '{name}' for '{option.value}'", (set_value(option, name),))
    return Fix("let Asterisk choose the transport", (remove_line(option),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="INVITE")
