"""Who was called cannot hang up: a BYE of the dialog is refused.

Why it matters: a request within a dialog (it has a tag in To, and a Route to this server) comes from whoever is on the
other side, from any address. A list of addresses, or a filter, that stands in front of the branch for such requests
meets them, too: BYE gets 403, the call hangs, and it goes on being billed.

Client sees: who was called from a listed address, and hangs up: BYE -> 403

RFC: 3261 section 15: whoever takes part in a call may end it with BYE.

Verdict: spurious. The call was set up through this server.

Does not help: another entry in the list: who is called may be anywhere.

Fix: handle requests with a tag in To (`has_totag()`, then `loose_route()`) before any list is asked, or ask the list
only for requests without one. Unsafe: whoever knows a dialog may then send requests within it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._exempting import dialogs
from ._refusals import refused
from ._remedies import TurnedAway, remedy

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "tm", "rr", "siputils", "permissions"))
FILE = 'modparam("permissions", "address_file", "address.list")\nlisten=udp:192.0.2.10:5060\n'
LIST = '    if %s(!allow_source_address("1"))%s {\n        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n'
DIALOG = """    if (has_totag()) {
        if (loose_route()) {
            t_relay();
            exit;
        }
        sl_send_reply("404", "Not here");
        exit;
    }
"""
ELSE = (
    '    if %s(%sallow_source_address("1"))%s {\n        if (has_totag()) loose_route();\n        t_relay();\n'
    '    } else {\n        sl_send_reply("403", "No");\n    }\n'
)

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": MODULES + FILE + "request_route {\n" + LIST % ("«", "»") + DIALOG + "    t_relay();\n}\n",
            "address.list": "1 192.0.2.20\n",
        },
        good={
            "kamailio.cfg": MODULES + FILE + "request_route {\n" + DIALOG + LIST % ("", "") + "    t_relay();\n}\n",
            "address.list": "1 192.0.2.20\n",
        },
        fixed={
            "kamailio.cfg": MODULES
            + FILE
            + "request_route {\n"
            + LIST.replace("%s(", "(!has_totag() && ", 1).replace("%s", "")
            + DIALOG
            + "    t_relay();\n}\n",
            "address.list": "1 192.0.2.20\n",
        },
    ),
    Example(
        bad={
            "kamailio.cfg": MODULES + FILE + "request_route {\n" + ELSE % ("«", "", "»") + "}\n",
            "address.list": "1 192.0.2.20\n",
        },
        good={
            "kamailio.cfg": MODULES + FILE + "request_route {\n" + ELSE % ("", "has_totag() || ", "") + "}\n",
            "address.list": "1 192.0.2.20\n",
        },
        fixed={
            "kamailio.cfg": MODULES + FILE + "request_route {\n" + ELSE % ("", "has_totag() || ", "") + "}\n",
            "address.list": "1 192.0.2.20\n",
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    refusal = probes(kamailio).hang_up
    if refusal is not None and refusal.statuses[-1] == 403:
        yield from refused(kamailio, refusal, "who was called and hangs up")


def fix(other_side: TurnedAway) -> Fix | None:
    return remedy(other_side, dialogs(other_side))


CHECK = Check(find, level="warning", category="answer", request="BYE", fix=fix)
