"""A module needs another one that is not loaded, or not loaded in front of it.

Why it matters: modules are initialised in the order of loading, after what kamailio -c does: the check passes, and the
server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    can't load TM API
    trying to bind to usrloc module before being initialized

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: load the module that is needed, tm and usrloc in front of all that need them.
Safe: the server does not start without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.requirements import unmet

from ._loading import Need, load

EXAMPLES = [
    Example(
        bad='loadmodule "sl.so"\nloadmodule «"registrar.so"»\nloadmodule "usrloc.so"\nrequest_route { exit; }\n',
        good='loadmodule "sl.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nrequest_route { exit; }\n',
        fixed='loadmodule "sl.so"\nloadmodule "usrloc.so"\nloadmodule "registrar.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"auth.so"»\nrequest_route { exit; }\n',
        good='loadmodule "auth.so"\nloadmodule "sl.so"\nrequest_route { exit; }\n',
        fixed='loadmodule "sl.so"\nloadmodule "auth.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule «"nathelper.so"»\nmodparam("nathelper", "natping_interval", 30)\nrequest_route { exit; }\n',
        good='loadmodule "nathelper.so"\nmodparam("nathelper", "natping_interval", 0)\nrequest_route { exit; }\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.exports.strangers:
        return
    needed: set[str] = set()
    for requirement in unmet(kamailio):
        module, need, setting, late = requirement
        where = "is only loaded further down" if late is not None else "is not loaded"
        text = f"'{module.name}' needs '{need}', which {where}: the server does not start"
        notes = (Note(late.node.place, f"'{need}' is loaded here"),) if late is not None else ()
        if setting is not None:
            notes = (*notes, Note(setting.node.place, "it is needed for this"))
        first = need not in needed
        needed.add(need)
        yield Defect(module.node.module.place, text, notes, Need(module, need, late) if first else None)


CHECK = Check(find, level="error", category="load", fix=load)
