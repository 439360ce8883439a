"""A peer calls from an address that is listed, and is refused.

Why it matters: the address stands in the table or file that the script asks, and yet each way through the script
refuses the call: the row has another transport or pattern, the script asks for another group or for a tag that the row
has not, or a condition behind the list refuses all the same. A carrier sees 403 and gives up.

Fix: none by itself: `cfglint trace --invite FROM TO --source ADDRESS` shows the way the request takes, line by line.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._refusals import refused

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
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    yield from refused(kamailio, probes(kamailio).peer_call, "a peer whose address is listed")


CHECK = Check(find, level="error", category="answer", request="INVITE")
