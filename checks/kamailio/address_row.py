"""A row of the address table lets in nobody, or keeps the server from starting.

Why it matters: permissions loads the table when it starts (permissions/address.c:reload_address_db_table). A group that
is not above 0, or a mask that is no length of a prefix, makes it give up: the server does not start. Anything but an
address is taken for the name of a host, which is never looked up, so "192.0.2.0/24" is found by nobody: the length
stands in a column of its own. A mask of 0 stands for the whole address: 0.0.0.0 with it is not everybody. Told only
where the table is at hand: with `--db`, or as a text table in the tree.

Client sees: where the script answers so: INVITE -> 403

Log: Only where the server does not start.
    database problem - invalid record

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The address is listed, or was meant to be.

Does not help: reloading the table.

Fix: write the address alone into its column, and the length into `mask`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import ADDRESSES, ALL_BACKENDS, BY_ADDRESS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import rows
from cfglint.simulate.kamailio.address_table import COLUMNS, BadEntry, Entry, of_row

from ._permissions import address_file
from ._tables import named

URL = '"text:///etc/kamailio/dbtext"'
SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "permissions.so"\n'
    'modparam("permissions", "db_url", %s)\n'
    'request_route {\n    if (!allow_source_address("1")) exit;\n}\n'
)
TABLE = "id(int) grp(int) ip_addr(string) mask(int)\n"

EXAMPLES = [
    Example(
        bad={"kamailio.cfg": SCRIPT % f"«{URL}»", "dbtext/address": TABLE + "1:1:192.0.2.0/24:32\n"},
        good={"kamailio.cfg": SCRIPT % URL, "dbtext/address": TABLE + "1:1:192.0.2.0:24\n"},
    ),
    Example(
        bad={"kamailio.cfg": SCRIPT % f"«{URL}»", "dbtext/address": TABLE + "1:1:192.0.2.0:240\n"},
        good={"kamailio.cfg": SCRIPT % URL, "dbtext/address": TABLE + "1:2:2001\\:db8\\:\\::32\n"},
    ),
    Example(
        bad={
            "kamailio.cfg": SCRIPT.replace('allow_source_address("1")', "allow_trusted()") % f"«{URL}»",
            "dbtext/address": TABLE + "1:0:192.0.2.20:32\n",
        },
        good={
            "kamailio.cfg": SCRIPT.replace('allow_source_address("1")', "allow_trusted()") % URL,
            "dbtext/address": TABLE + "1:1:192.0.2.0/24:32\n",
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    backends = kamailio.parameters.number("permissions", "load_backends", ALL_BACKENDS)
    if not kamailio.whole or backends is None or not backends & ADDRESSES or address_file(kamailio) is not None:
        return
    found = rows(kamailio, "permissions", "address_table")
    if found is None:
        return
    calls = kamailio.calls_of(*BY_ADDRESS)
    by_name = any(located.call.name.startswith("allow_address") for located in calls)
    columns = [kamailio.parameters.text("permissions", f"{name}_col", name) or name for name in COLUMNS]
    fatal: dict[str, list[str]] = {}
    odd: dict[str, list[str]] = {}
    for row in found.rows:
        try:
            why = _never_met(of_row(row, columns), row.get(columns[2]), by_name)
            if why is not None:
                odd.setdefault(why, []).append(str(row.get(columns[1])))
        except BadEntry as bad:
            fatal.setdefault(bad.fault, []).append(str(row.get(columns[1])))
    for why, addresses in fatal.items():
        yield Defect(
            found.place, f"{named(addresses)} {why}: the server does not start", level="error", category="load"
        )
    for why, addresses in odd.items() if calls else ():
        yield Defect(found.place, f"{named(addresses)} {why}", answers=(403,))


def _never_met(entry: Entry, mask: object, by_name: bool) -> str | None:
    """Why an entry does not let in those whom it seems to name."""
    if entry.network is None:
        return None if by_name else "is no address but taken for the name of a host, and never found"
    if mask == 0 and int(entry.network.network_address) & 0xFF == 0:
        return "with mask 0 is this one address, not a network and not everybody"
    return None


CHECK = Check(find, level="warning", category="answer")
