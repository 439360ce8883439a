"""Phones are looked up in a table in which none is ever stored.

Why it matters: each table of save() and lookup() is a list of its own (registrar.c:domain_uri_fixup,
usrloc/dlist.c:register_udomain). A phone that is registered in one is not found in the other, and calls to it get 404.

Client sees: where a missing contact is answered so: INVITE -> 404

Log: Nothing.

RFC: 3261 section 21.4.18: for a user who is known and not registered there is 480; 404 says that there is no such user.

Verdict: spurious. The phone that is called is registered.

Does not help: registering again: it goes to the same table.

Fix: use the same name. Unsafe: calls will reach phones that they did not reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple

MODULE = 'loadmodule "registrar"\n'

SCRIPT = (
    'loadmodule "sl"\nloadmodule "tm"\nloadmodule "usrloc"\nloadmodule "registrar"\nrequest_route {{\n'
    '    if (method == "REGISTER") {{\n        save("location");\n        exit;\n    }}\n'
    '    if (!lookup({table})) {{\n        sl_send_reply("404", "Not Found");\n        exit;\n    }}\n'
    "    t_relay();\n}}\n"
)

EXAMPLES = [
    Example(
        bad=SCRIPT.format(table='«"phones"»'),
        good=SCRIPT.format(table='"location"'),
        fixed=SCRIPT.format(table='"location"'),
    ),
    Example(
        bad=MODULE + 'request_route {\n    save("location");\n    if (!lookup(«"locations"»)) exit;\n}\n',
        good=MODULE
        + 'request_route {\n    save("location");\n    if (!lookup("aliases") && !lookup("location")) exit;\n}\n',
        fixed=MODULE + 'request_route {\n    save("location");\n    if (!lookup("location")) exit;\n}\n',
    ),
]

LOOKUPS = ("lookup", "lookup_branches", "lookup_to_dset", "registered")


class Mismatch(NamedTuple):
    """An argument, and what stands in its place where phones are stored."""

    argument: Any
    stored: Any


def find(kamailio: Kamailio) -> Iterator[Defect]:
    saves = [located.call.arguments[0] for located in kamailio.calls_of("save") if located.call.arguments]
    lookups = [located.call.arguments[0] for located in kamailio.calls_of(*LOOKUPS) if located.call.arguments]
    stored, asked = {literal(table) for table in saves}, {literal(table) for table in lookups}
    if (
        "registrar" not in kamailio.loaded
        or not kamailio.whole
        or not stored
        or not stored.isdisjoint(asked)
        or None in stored | asked
    ):
        return
    for table in lookups:
        message = f"no phone is ever stored in '{literal(table)}': none is found, and calls get 404"
        subject = Mismatch(table, saves[0]) if len(stored) == 1 else None
        yield Defect(table.place, message, (Note(saves[0].place, "phones are stored in this one"),), subject)


def fix(mismatch: Mismatch) -> Fix | None:
    if not written(mismatch.argument) or mismatch.stored.home.expansion is not None:
        return None
    return Fix("the table that phones are stored in", (replace(mismatch.argument.place, mismatch.stored.place.text),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
