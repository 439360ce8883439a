"""uri_db is told to use its own table, but not which one.

Why it matters: with `use_uri_table` the module asks at start for version 1 of the table in `db_table`, which is
`subscriber` by default and has another version (uri_db/uri_db.c:mod_init); the server does not start. `kamailio -c`
does not get that far.

Client sees: as the server does not start: any request -> no answer

Log:
    Error during version check for db table: ..., check database structure.

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: `db_table` "uri". Unsafe: it lets in who stands in that table.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import add_line_below, written
from cfglint.model.kamailio.parameters import Setting

EXAMPLES = [
    Example(
        bad='loadmodule "uri_db"\nmodparam("uri_db", "use_uri_table", «1»)\nrequest_route {\n    exit;\n}\n',
        good='loadmodule "uri_db"\nmodparam("uri_db", "use_uri_table", 1)\nmodparam("uri_db", "db_table", "uri")\n'
        "request_route {\n    exit;\n}\n",
        fixed='loadmodule "uri_db"\nmodparam("uri_db", "use_uri_table", 1)\nmodparam("uri_db", "db_table", "uri")\n'
        "request_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("uri_db", "use_uri_table")
    if setting is None or not setting.number or not kamailio.whole or "uri_db" not in kamailio.loaded:
        return
    if kamailio.parameters.text("uri_db", "db_table", "subscriber") == "subscriber":
        message = "'subscriber' is no table of URIs, and the server does not start"
        missing = not kamailio.parameters.all("uri_db", "db_table")
        yield Defect(setting.node.value.place, message, subject=setting if missing else None)


def fix(setting: Setting) -> Fix | None:
    if not written(setting.node):
        return None
    return Fix("name the table", (add_line_below(setting.node, 'modparam("uri_db", "db_table", "uri")'),))


CHECK = Check(find, level="error", category="load", fix=fix)
