"""A peer calls from an address that is listed, and is refused.

Why it matters: the address stands in the table or file that the script asks, and yet each way through the script
refuses the call: the row has another transport or pattern, the script asks for another group or for a tag that the row
has not, or a condition behind the list refuses all the same. A carrier sees 403 and gives up.

Client sees: from a listed address: INVITE -> 403

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The address is listed.

Does not help: the same address in the list once more.

Fix: the smallest change after which that peer calls, and nobody who is not listed: the group in which the addresses
are, a condition without the alternative that refuses it, or one that leaves listed peers out. Unsafe: whether that is
meant, the script does not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._exempting import grouped, listed, other_lists, without_alternatives
from ._refusals import refused
from ._remedies import TurnedAway, remedy

PERMISSIONS = 'loadmodule "sl.so"\nloadmodule "tm.so"\nloadmodule "permissions.so"\n'
FILE = 'modparam("permissions", "address_file", "address.list")\n'

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": PERMISSIONS + FILE + 'request_route {\n    if «(!allow_source_address("2"))» {\n'
            '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
            "address.list": "1 192.0.2.20\n",
        },
        good={
            "kamailio.cfg": PERMISSIONS + FILE + 'request_route {\n    if (!allow_source_address("2")) {\n'
            '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
            "address.list": "1 192.0.2.20\n2 192.0.2.20\n",
        },
        fixed={
            "kamailio.cfg": PERMISSIONS + FILE + 'request_route {\n    if (!allow_source_address("1")) {\n'
            '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
            "address.list": "1 192.0.2.20\n",
        },
    ),
    Example(
        bad=PERMISSIONS
        + 'request_route {\n    if «($si != "192.0.2.1" && $si != "192.0.2.2" || $si == "192.0.2.2")» {\n'
        '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
        good=PERMISSIONS + 'request_route {\n    if ($si != "192.0.2.1" && $si != "192.0.2.2") {\n'
        '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
        fixed=PERMISSIONS + 'request_route {\n    if ($si != "192.0.2.1" && $si != "192.0.2.2") {\n'
        '        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n    t_relay();\n}\n',
    ),
    Example(
        bad={
            "kamailio.cfg": PERMISSIONS + 'modparam("permissions", "db_url", "text:///etc/kamailio/dbtext")\n'
            'request_route {\n    if «(!allow_trusted())» {\n        sl_send_reply("403", "No");\n        exit;\n'
            "    }\n    t_relay();\n}\n",
            "dbtext/trusted": "id(int,auto) src_ip(string) proto(string) from_pattern(string,null)"
            " ruri_pattern(string,null) tag(string,null) priority(int)\n",
        },
        good=PERMISSIONS + 'modparam("permissions", "db_url", "text:///etc/kamailio/dbtext")\n'
        'request_route {\n    if (!allow_trusted()) {\n        sl_send_reply("403", "Forbidden");\n        exit;\n'
        "    }\n    t_relay();\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    asked = probes(kamailio)
    for refusal, where in ((asked.peer_call, "as a peer"), (asked.gateway_call, "as a gateway")):
        if refusal is not None:
            yield from refused(kamailio, refusal, f"{refusal.request.source.host}, which is listed {where},")
    for host, refusal in asked.spared:
        yield from refused(kamailio, refusal, f"{host}, which this condition excepts,")
    nobody = asked.emptiness
    closed = asked.stranger_call if nobody else None
    if closed is not None and closed.statuses == (403,) and closed.place is not None:
        for why in dict.fromkeys(why for function, why in nobody.items() if f"{function}(" in closed.place.text):
            yield from refused(kamailio, closed, f"everybody who calls ({why})")


def fix(peer: TurnedAway) -> Fix | None:
    return remedy(peer, chain(grouped(peer), other_lists(peer), without_alternatives(peer), listed(peer)))


CHECK = Check(find, level="error", category="answer", request="INVITE", fix=fix)
