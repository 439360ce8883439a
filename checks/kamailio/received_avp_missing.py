"""fix_nated_register() is called, and nothing says where it shall keep the address.

Why it matters: the function puts the address that a registration came from into an AVP, from which save() takes it.
Where nathelper's `received_avp` does not name that AVP, the server refuses each call when it starts
(nathelper/nathelper.c:fixup_fix_nated_register), also in a route that never runs. `kamailio -c` does not get that far.

Client sees: as the server does not start: any request -> no answer

Log:
    you must set 'received_avp' parameter. Must be same value as parameter 'received_avp' of registrar module

Verdict: spurious, for every phone there is: the server does not start.

Does not help: `kamailio -c`: it finds nothing wrong.

Fix: `modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio

SCRIPT = 'request_route {\n    if (is_method("REGISTER")) {\n        %s();\n        save("location");\n    }\n}\n'
MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "textops", "usrloc", "registrar", "nathelper"))

EXAMPLES = [
    Example(
        bad=MODULES + SCRIPT % "«fix_nated_register»",
        good=MODULES
        + 'modparam("nathelper|registrar", "received_avp", "$avp(RECEIVED)")\n'
        + SCRIPT % "fix_nated_register",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or "nathelper" not in kamailio.loaded:
        return
    if kamailio.parameters.text("nathelper", "received_avp", ""):
        return
    for located in kamailio.calls_of("fix_nated_register"):
        yield Defect(located.call.word.place, "nathelper has no received_avp: the server does not start")


CHECK = Check(find, level="error", category="load")
