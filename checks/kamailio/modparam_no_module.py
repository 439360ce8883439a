"""A parameter is set for a module that is not loaded above the line.

Why it matters: core/modparam.c:set_mod_param_regex sets parameters while the file is read. If none of the modules that
are loaded so far fits the first argument, the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    No module matching <...> found
    Can't set module parameter

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the line below the loadmodule line, or load the module.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio import index
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='modparam(«"tm"», "fr_timer", 5000)\nloadmodule "tm.so"\nrequest_route { exit; }\n',
        good='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "usrloc.so"\nmodparam(«"userloc|register"», "use_domain", 1)\nrequest_route { exit; }\n',
        good='loadmodule "usrloc.so"\nmodparam("usrloc|registrar", "use_domain", 1)\nrequest_route { exit; }\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    for setting in kamailio.settings:
        if kamailio.modules_of(setting) == [] and setting.module is not None:
            late = [name for name in index().named_by(setting.module, kamailio.releases) if name in kamailio.loaded]
            if late:
                reason = f"'{late[0]}' is only loaded further down"
            else:
                reason = f"no module that is loaded so far fits '{setting.module}'"
                other = nearest(setting.module, [module.name for module in kamailio.modules])
                reason += f"; did you mean '{other}'?" if other is not None else ""
            notes = tuple(Note(kamailio.loaded[name].node.place, "it is loaded here") for name in late)
            yield Defect(setting.node.module.place, reason, notes)


CHECK = Check(find, level="error", category="load")
