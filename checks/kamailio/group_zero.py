"""Addresses are looked up in group 0, which a database cannot hold.

Why it matters: rows of the address table with a group below 1 make the start fail
(permissions/address.c:reload_address_db_table), so no address is ever found in group 0.

Client sees: where the script refuses strangers: INVITE -> 403

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. Nobody can be in that group.

Does not help: another row in the table.

Fix: use the group that stands in the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal

from ._permissions import address_file, database

EXAMPLES = [
    Example(
        bad='modparam("permissions", "db_url", "sqlite:///x")\n'
        'request_route {\n    if (!allow_source_address(«"0"»)) exit;\n}\n',
        good='modparam("permissions", "db_url", "sqlite:///x")\n'
        'request_route {\n    if (!allow_source_address("1")) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or not database(kamailio) or address_file(kamailio) is not None:
        return
    for located in kamailio.calls_of("allow_source_address", "allow_address"):
        group = located.call.arguments[0] if located.call.arguments else None
        if group is not None and literal(group) == "0":
            yield Defect(group.place, "no address of a database can be in group 0: this always fails", answers=(403,))


CHECK = Check(find, level="warning", category="answer")
