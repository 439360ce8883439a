"""The driver for a database is not loaded.

Why it matters: a URL's first word names the module that talks to the database: mysql:// is db_mysql. Modules ask for it
when they are initialised (lib/srdb1/db.c:db_bind_mod, "Missing loadmodule?"), after what kamailio -c does. Modules with
a URL of their own by default, mostly MySQL's, ask for it even if none is set.

Client sees: as the server does not start: any request -> no answer

Log: The module that wants to bind to a database says so, each in words of its own.

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: load the driver, or set the URL of the database that is meant. Safe: the URL says which one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.requirements import missing_drivers

from ._loading import Need, load

EXAMPLES = [
    Example(
        bad='loadmodule "htable.so"\nmodparam("htable", "db_url", «"mysql://localhost/db"»)\nrequest_route { exit; }\n',
        good='loadmodule "db_mysql.so"\nloadmodule "htable.so"\nmodparam("htable", "db_url", "mysql://localhost/db")\n'
        "request_route { exit; }\n",
        fixed='loadmodule "db_mysql.so"\nloadmodule "htable.so"\nmodparam("htable", "db_url", "mysql://localhost/db")\n'
        "request_route { exit; }\n",
    ),
    Example(
        bad='loadmodule "db_text.so"\nloadmodule «"domain.so"»\nrequest_route { exit; }\n',
        good='loadmodule "db_text.so"\nloadmodule "domain.so"\nmodparam("domain", "db_url", "text:///srv/db")\n'
        "request_route { exit; }\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.exports.strangers:
        return
    needed: set[str] = set()
    for module, driver, setting, fatal in missing_drivers(kamailio):
        then = "the server does not start" if fatal else "its queries fail"
        place = module.node.module.place if setting is None else setting.node.value.place
        text = f"'{module.name}' needs '{driver}', which is not loaded: {then}"
        if setting is None:
            text += f"; or is its db_url to be set? by default it is one for '{driver}'"
        need = Need(module, driver) if setting is not None and driver not in needed else None
        needed.add(driver)
        yield Defect(place, text, subject=need, level=None if fatal else "warning")


CHECK = Check(find, level="error", category="load", fix=load)
