"""The database that was named cannot be read, so its rows are not known.

Why it matters: with `--db` the rows of a table decide about accounts, peers and domains. Without them everything that
hangs on a row is left open, as if the option were not there. A server that cannot reach its database does not start,
but what one machine reaches another may not: the finding tells what this run did not see.

Fix: start the database, correct the URL, or give the account the right to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import UNREADABLE

from ._tables import of_kind

SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "secfilter.so"\nmodparam("secfilter", "db_url", %s)\n'
    "request_route {\n    secf_check_ua();\n}\n"
)
VERSIONS = "table_name(string) table_version(int)\n"

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": SCRIPT % '«"text:///etc/kamailio/dbtext"»',
            "dbtext/version": VERSIONS,
            "dbtext/secfilter": "# the columns went missing\n",
        },
        good={
            "kamailio.cfg": SCRIPT % '"text:///etc/kamailio/dbtext"',
            "dbtext/version": VERSIONS,
            "dbtext/secfilter": "id(int,auto) action(int) type(int) data(string)\n",
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for fault in of_kind(kamailio, UNREADABLE):
        yield Defect(fault.table.place, f"the rows of '{fault.table.name}' are not known: {fault.detail}")


CHECK = Check(find, level="warning", category="load")
