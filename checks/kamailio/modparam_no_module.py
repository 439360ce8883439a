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
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio import index
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio, Loaded
from cfglint.model.kamailio.editing import add_line_below, remove_item, written
from cfglint.model.kamailio.parameters import Setting
from cfglint.namedtuples import NamedTuple

from ._slips import Slip, corrected, slip

EXAMPLES = [
    Example(
        bad='modparam(«"tm"», "fr_timer", 5000)\nloadmodule "tm.so"\nrequest_route { exit; }\n',
        good='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
        fixed='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='modparam(«"tm"», "fr_timer", 5000)\nmodparam(«"tm"», "fr_inv_timer", 9000)\nloadmodule "tm.so"\n'
        "request_route { exit; }\n",
        good='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
        fixed='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nmodparam("tm", "fr_inv_timer", 9000)\n'
        "request_route { exit; }\n",
    ),
    Example(
        bad='loadmodule "usrloc.so"\nmodparam(«"usrlok"», "use_domain", 1)\nrequest_route { exit; }\n',
        good='loadmodule "usrloc.so"\nmodparam("usrloc", "use_domain", 1)\nrequest_route { exit; }\n',
        fixed='loadmodule "usrloc.so"\nmodparam("usrloc", "use_domain", 1)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "usrloc.so"\nmodparam(«"userloc|register"», "use_domain", 1)\nrequest_route { exit; }\n',
        good='loadmodule "usrloc.so"\nmodparam("usrloc|registrar", "use_domain", 1)\nrequest_route { exit; }\n',
    ),
]


class _Early(NamedTuple):
    """What is set for a module above the line that loads it."""

    module: Loaded
    settings: list[Setting]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    homeless = [setting for setting in kamailio.settings if kamailio.modules_of(setting) == []]
    for setting in homeless:
        if setting.module is not None:
            late = [name for name in index().named_by(setting.module, kamailio.releases) if name in kamailio.loaded]
            subject: _Early | Slip | None = None
            if late:
                reason = f"'{late[0]}' is only loaded further down"
                settings = [other for other in homeless if other.module == setting.module]
                subject = _Early(kamailio.loaded[late[0]], settings) if settings[0] is setting else None
            else:
                reason = f"no module that is loaded so far fits '{setting.module}'"
                other = nearest(setting.module, [module.name for module in kamailio.modules])
                reason += f"; did you mean '{other}'?" if other is not None else ""
                subject = slip(setting.module, other, setting.node.module)
            notes = tuple(Note(kamailio.loaded[name].node.place, "it is loaded here") for name in late)
            yield Defect(setting.node.module.place, reason, notes, subject)


def fix(subject: _Early | Slip) -> Fix | None:
    if isinstance(subject, Slip):
        return corrected(subject)
    module, settings = subject
    nodes = [setting.node for setting in settings]
    if not written(module.node, *nodes):
        return None
    lines = module.node.home.source.newline.join(node.place.text for node in nodes)
    edits = add_line_below(module.node, lines), *(remove_item(node) for node in nodes)
    return Fix(f"set it where '{module.name}' is loaded", edits)


CHECK = Check(find, level="error", category="load", fix=fix)
