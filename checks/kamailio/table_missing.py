"""A database lacks a table that the configuration reads.

Why it matters: most modules load their tables when the server starts, and it does not start without them: permissions
the addresses, domain the domains, usrloc the contacts. auth_db, group, alias_db and allow_trusted() send their queries
when they are called: the server starts, each query fails with an error in the log, and whoever should be found is not.
`kamailio -c` looks at no database. Told only where the database is at hand: with `--db`, or with text tables in the
tree.

Client sees: as the server does not start: any request -> no answer

Log:
    error while submitting query

Verdict: spurious, for everybody whom the table would let in.

Does not help: `kamailio -c`: it looks at no database, and finds nothing wrong.

Fix: create it (`kamdbctl` does), or name the table or the database that is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import NO_TABLE

from ._tables import category, consequence, of_kind

VERSIONS = "table_name(string) table_version(int)\n"
DOMAINS = "id(int,auto) domain(string) did(string,null)\n"
ATTRIBUTES = "id(int,auto) did(string) name(string) type(int) value(string)\n"
SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "domain.so"\nmodparam("domain", "db_url", %s)\n'
    "request_route {\n    if (!is_from_local()) exit;\n}\n"
)

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": SCRIPT % '«"text:///etc/kamailio/dbtext"»',
            "dbtext/version": VERSIONS,
            "dbtext/domain": DOMAINS,
        },
        good={
            "kamailio.cfg": SCRIPT % '"text:///etc/kamailio/dbtext"',
            "dbtext/version": VERSIONS,
            "dbtext/domain": DOMAINS,
            "dbtext/domain_attrs": ATTRIBUTES,
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for fault in of_kind(kamailio, NO_TABLE):
        table = fault.table
        text = f"{table.module} reads table '{table.name}', which {fault.database} has not: {consequence(table)}"
        yield Defect(table.place, text, category=category(table))


CHECK = Check(find, level="error", category="load")
