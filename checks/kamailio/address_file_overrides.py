"""Addresses are read from a file, so those in the database do not count.

Why it matters: permissions reads either the file or the address table, never both: with `address_file` the table is not
looked at (permissions/address.c:reload_address_table), and whoever is only entered there gets what strangers get. The
database is still used for allow_trusted().

Client sees: who is only in the table, where the script refuses strangers: INVITE -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The table lists the address.

Does not help: another row in the table, or a reload: the file is read again.

Fix: take `address_file` away, or keep the addresses in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import BY_ADDRESS, BY_TRUST
from cfglint.model.kamailio import Kamailio

from ._permissions import address_file, database

EXAMPLES = [
    Example(
        bad='modparam("permissions", "db_url", "sqlite:///x")\nmodparam("permissions", "address_file", «"/etc/a"»)\n'
        'request_route {\n    if (!allow_source_address("1")) exit;\n}\n',
        good='modparam("permissions", "db_url", "sqlite:///x")\nmodparam("permissions", "address_file", "/etc/a")\n'
        'request_route {\n    if (!allow_source_address("1") && !allow_trusted()) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting, databases = address_file(kamailio), database(kamailio)
    if setting is not None and databases and kamailio.calls_of(*BY_ADDRESS) and not kamailio.calls_of(*BY_TRUST):
        note = Note(databases[-1].node.place, "this database is not asked")
        message = "only this file counts: the address table of the database is not read"
        yield Defect(setting.node.value.place, message, (note,))


CHECK = Check(find, level="warning", category="answer")
