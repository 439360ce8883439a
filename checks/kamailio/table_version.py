"""A table has another version than the module wants.

Why it matters: modules look into the table `version` when they are initialised, and take their own table only with the
version that they know (lib/srdb1/db.c:db_check_table_version); a row that is missing counts as 0. After an upgrade, or
with tables that were made by hand or copied without `version`, the server does not start. `kamailio -c` looks at no
database. Told only where the database is at hand: with `--db`, or with text tables in the tree.

Client sees: as the server does not start: any request -> no answer

Log:
    invalid version ... for table ... found, expected ... (check table structure and table "version")

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it looks at no database, and finds nothing wrong.

Fix: bring the table into its new form first (the release notes tell how), then correct its row in `version`. To change
the number alone makes the server start with a table that may lack columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import OTHER_VERSION

from ._tables import of_kind

VERSIONS = "table_name(string) table_version(int)\n"
ADDRESSES = "id(int,auto) grp(int) ip_addr(string) mask(int) port(int) tag(string,null)\n"
SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "permissions.so"\nmodparam("permissions", "load_backends", 1)\n'
    'modparam("permissions", "db_url", %s)\n%srequest_route {\n    if (!allow_source_address("1")) exit;\n}\n'
)
FILE = 'modparam("permissions", "address_file", "/etc/kamailio/address.list")\n'

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": SCRIPT % ('«"text:///etc/kamailio/dbtext"»', ""),
            "dbtext/version": VERSIONS,
            "dbtext/address": ADDRESSES,
        },
        good={
            "kamailio.cfg": SCRIPT % ('"text:///etc/kamailio/dbtext"', FILE),
            "dbtext/version": VERSIONS,
            "dbtext/address": ADDRESSES,
        },
    ),
]

IN_WORDS = {
    "0": "tells none",
    "none": "has no such table of versions",
    "several": "tells several",
}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for fault in of_kind(kamailio, OTHER_VERSION):
        table = fault.table
        wanted = " or ".join(map(str, table.versions))
        found = IN_WORDS.get(fault.detail, f"tells {fault.detail}")
        text = f"{table.module} wants version {wanted} of table '{table.name}', and {fault.database} {found}"
        yield Defect(table.place, f"{text}: the server does not start")


CHECK = Check(find, level="error", category="load")
