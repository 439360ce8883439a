"""Addresses are looked up in a table that is not loaded.

Why it matters: the bits of `load_backends` say what permissions reads: 1 the address table, 2 the trusted table
(permissions/permissions.h, PERM_LOAD_ADDRESSDB, PERM_LOAD_TRUSTEDDB). The stock kamailio.cfg sets 1, so a script that
goes over to allow_trusted() gets 403 for everybody. With `db_mode` 1 the process ends.

Client sees: where the script refuses strangers: INVITE -> 403

Log:
    no connection to database

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The table may well list the address.

Does not help: another row in the table, or a reload of it: it is never read; another transport.

Fix: add the bit. Unsafe: it lets in who stands in that table.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import ADDRESSES, BY_ADDRESS, BY_TRUST, TRUSTED
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.parameters import Setting
from cfglint.namedtuples import NamedTuple

EXAMPLES = [
    Example(
        bad='loadmodule "permissions"\nmodparam("permissions", "load_backends", 1)\nrequest_route {\n'
        "    if (!«allow_trusted()») exit;\n}\n",
        good='loadmodule "permissions"\nmodparam("permissions", "load_backends", 3)\nrequest_route {\n'
        '    if (!allow_trusted() && !allow_source_address("1")) exit;\n}\n',
        fixed='loadmodule "permissions"\nmodparam("permissions", "load_backends", 3)\nrequest_route {\n'
        "    if (!allow_trusted()) exit;\n}\n",
    ),
]


class Masked(NamedTuple):
    """The line that says what is loaded, and the bit that it lacks."""

    setting: Setting
    bit: int


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("permissions", "load_backends")
    if setting is None or setting.number is None or "permissions" not in kamailio.loaded:
        return
    for bit, table, names in ((ADDRESSES, "address", BY_ADDRESS), (TRUSTED, "trusted", BY_TRUST)):
        for located in () if setting.number & bit else kamailio.calls_of(*names):
            message = f"{located.call.name}() always fails: the {table} table is not loaded"
            note = Note(setting.node.value.place, f"it lacks the bit {bit}")
            yield Defect(located.call.place, message, (note,), Masked(setting, bit), answers=(403,))


def fix(masked: Masked) -> Fix | None:
    value = masked.setting.node.value
    if not written(value) or masked.setting.number is None:
        return None
    return Fix("load the table", (replace(value.place, str(masked.setting.number | masked.bit)),))


CHECK = Check(find, level="error", category="answer", fix=fix)
