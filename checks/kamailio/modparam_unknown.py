"""A module has no parameter of that name.

Why it matters: core/modparam.c:set_mod_param_regex wants every module that fits the first argument to have the
parameter, in the very same spelling; otherwise ("parameter <x> of type <y> not found in module <z>") it does not
start.

Client sees: as the server does not start: any request -> no answer

Log:
    parameter <...> of type <...:...> not found in module <...>
    Can't set module parameter

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or set the parameter only for the modules that have it.
Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import RELEASES, Module, index, lacking
from cfglint.knowledge.names import Suggestions
from cfglint.model.kamailio import Kamailio

from ._modules import listed, version
from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule "auth.so"\nmodparam("auth", «"nonce_expires"», 300)\nrequest_route { exit; }\n',
        good='loadmodule "auth.so"\nmodparam("auth", "nonce_expire", 300)\nrequest_route { exit; }\n',
        fixed='loadmodule "auth.so"\nmodparam("auth", "nonce_expire", 300)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "tm.so"\nloadmodule "rr.so"\nmodparam("tm|rr", «"fr_timer"», 5000)\nrequest_route { exit; }\n',
        good='loadmodule "tm.so"\nloadmodule "rr.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "registrar.so"\nmodparam("registrar", «"sock_mode"», 1)\nrequest_route { exit; }\n',
        good='loadmodule "registrar.so"\nmodparam("registrar", "use_path", 1)\nrequest_route { exit; }\n',
        targets=("kamailio=5.4",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    known: dict[str, Suggestions] = {}
    releases = kamailio.exports.releases
    for setting in kamailio.settings:
        name = setting.name
        for module in kamailio.modules_of(setting) or ():
            if name is not None and lacking(module.parameter(name), releases) == releases:
                suggestions = known.setdefault(module.name, Suggestions(module.parameters))
                text = f"module '{module.name}' has no parameter '{name}'{version(kamailio)}"
                meant = None if module.parameter(name) else suggestions.nearest(name)
                reason = _reason(kamailio, module, name, meant)
                yield Defect(setting.node.name.place, text + reason, subject=slip(name, meant, setting.node.name))
                break


def _reason(kamailio: Kamailio, module: Module, name: str, meant: str | None) -> str:
    elsewhere = module.parameter(name)
    if elsewhere:
        return f"; it is there in {RELEASES.spoken(frozenset().union(*(p.versions for p in elsewhere)))}"
    if meant is not None:
        return f"; did you mean '{meant}'?"
    owners = [owner for owner in index().exporters("parameters", name, kamailio.releases) if owner in kamailio.loaded]
    return f"; {listed(owners)} has it" if 0 < len(owners) <= 2 else ""


CHECK = Check(find, level="error", category="load", fix=corrected)
