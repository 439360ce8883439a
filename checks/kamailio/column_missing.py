"""A table lacks a column that the configuration reads.

Why it matters: the module asks for the column by name, so the whole query fails, whatever the rows hold: with tables
that are loaded at start the server does not start, and with auth_db, group and allow_trusted() nobody is found any
more, which a script answers with 401 for ever or with 403. Told only where the database is at hand: with `--db`, or
with text tables in the tree.

Client sees: as no query succeeds: REGISTER -> 401 -> 401

Log:
    error while submitting query

Verdict: spurious, for everybody whom the table would let in.

Does not help: the right password: the server does not get to see its own.

Fix: add the column, or name the one that is meant (`password_column` and its like).
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import NO_COLUMN

from ._tables import category, consequence, of_kind

VERSIONS = "table_name(string) table_version(int)\n"
SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "auth.so"\nloadmodule "auth_db.so"\n'
    'modparam("auth_db", "db_url", "text:///etc/kamailio/dbtext")\n%s'
    'request_route {\n    if (!auth_check("$fd", %s, "1")) {\n        auth_challenge("$fd", "0");\n        exit;\n'
    "    }\n}\n"
)
PASSWORDS = "id(int,auto) username(string) domain(string) password(string)\n"

EXAMPLES = [
    Example(
        bad={
            "kamailio.cfg": SCRIPT % ("", '«"subscriber"»'),
            "dbtext/version": VERSIONS,
            "dbtext/subscriber": PASSWORDS,
        },
        good={
            "kamailio.cfg": SCRIPT
            % (
                'modparam("auth_db", "calculate_ha1", 1)\nmodparam("auth_db", "password_column", "password")\n',
                '"subscriber"',
            ),
            "dbtext/version": VERSIONS,
            "dbtext/subscriber": PASSWORDS,
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for fault in of_kind(kamailio, NO_COLUMN):
        table = fault.table
        text = f"{table.module} reads column '{fault.detail}', which table '{table.name}' of {fault.database} has not"
        yield Defect(table.place, f"{text}: {consequence(table)}", category=category(table))


CHECK = Check(find, level="error", category="load")
