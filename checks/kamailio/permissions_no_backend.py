"""Addresses are looked up, but nothing says where.

Why it matters: permissions has no database of its own accord. Without `db_url` (or `address_file`, for addresses) it
starts all the same, and from then on every look-up fails (permissions/trusted.c:init_trusted,
address.c:init_addresses): each carrier and each phone that the list shall let in gets 403. With `db_mode` 1,
allow_trusted() ends the process.

Client sees: where the script refuses strangers: INVITE -> 403

Log: The first two only with log level INFO.
    db_url parameter of permissions module not set, disabling allow_trusted
    db_url parameter of permissions module not set, disabling allow_address
    no connection to database

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The table may well list the address.

Does not help: another row in the table, or a reload of it: it is never read; another transport.

Fix: set `db_url`. Unsafe: it lets in who stands in that database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import BY_ADDRESS, BY_TRUST
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import add_line_below, written
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.items import LoadModule

from ._permissions import address_file, database

EXAMPLES = [
    Example(
        bad='#!define DBURL "sqlite:///x"\nloadmodule "permissions.so"\n'
        "request_route {\n    if (!«allow_trusted()») exit;\n}\n",
        good='loadmodule "permissions"\nmodparam("auth_db|permissions", "db_url", "sqlite:///x")\n'
        "request_route {\n    if (!allow_trusted()) exit;\n}\n",
        fixed='#!define DBURL "sqlite:///x"\nloadmodule "permissions.so"\nmodparam("permissions", "db_url", DBURL)\n'
        "request_route {\n    if (!allow_trusted()) exit;\n}\n",
    ),
    Example(
        bad='loadmodule "permissions.so"\nmodparam("permissions", "address_file", "/etc/hosts")\nrequest_route {\n'
        '    if (!allow_source_address("1") || !«allow_trusted()») exit;\n}\n',
        good='loadmodule "permissions.so"\nmodparam("permissions", "address_file", "/etc/hosts")\nrequest_route {\n'
        '    if (!allow_source_address("1")) exit;\n}\n',
    ),
]


_DATABASE = r'"[a-z]+://[^"]+"'


class Missing(NamedTuple):
    """The line that loads the module, and what stands for the database elsewhere."""

    module: LoadModule
    url: str | None


def find(kamailio: Kamailio) -> Iterator[Defect]:
    module = kamailio.loaded.get("permissions")
    if module is None or not kamailio.whole or database(kamailio):
        return
    names = BY_TRUST if address_file(kamailio) is not None else (*BY_TRUST, *BY_ADDRESS)
    subject = Missing(module.node, _url(kamailio))
    for located in kamailio.calls_of(*names):
        call = located.call
        what = "no db_url" if call.name in BY_TRUST else "neither db_url nor address_file"
        message = f"{call.name}() always fails: {what} is set for permissions"
        note = Note(module.node.place, "the module is loaded here")
        yield Defect(call.place, message, (note,), subject, answers=(403,))


def _url(kamailio: Kamailio) -> str | None:
    """How other modules' lines write the database, when all write the same; else the only define that is one."""
    settings = [setting for setting in kamailio.settings if setting.name == "db_url"]
    texts = {setting.node.value.place.text for setting in settings}
    if not settings:
        texts = {name for name, value in kamailio.config.defines.items() if re.match(_DATABASE, value.value or "")}
    return texts.pop() if len(texts) == 1 else None


def fix(missing: Missing) -> Fix | None:
    if missing.url is None or not written(missing.module):
        return None
    line = f'modparam("permissions", "db_url", {missing.url})'
    return Fix("the database that is used elsewhere", (add_line_below(missing.module, line),))


CHECK = Check(find, level="error", category="answer", fix=fix)
