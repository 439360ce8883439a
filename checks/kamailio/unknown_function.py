"""A function is called that no loaded module has.

Why it matters: core/cfg.y looks a function up where it is called, among the modules that are loaded further up. If none
of them has it, the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    unknown command, missing loadmodule?
    cfg. parser: failed to find command ... (params ...)

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or load the module that has the function above the call.
Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import RELEASES, core
from cfglint.knowledge.names import Suggestions
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.exports import UNKNOWN, Elsewhere
from cfglint.model.kamailio.script import Located

from ._modules import version, where
from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule "sl.so"\nrequest_route {\n    «sl_send_replay»("404", "Not here");\n}\n',
        good='loadmodule "sl.so"\nrequest_route {\n    sl_send_reply("404", "Not here");\n}\n',
        fixed='loadmodule "sl.so"\nrequest_route {\n    sl_send_reply("404", "Not here");\n}\n',
    ),
    Example(
        bad='request_route {\n    «xlog»("hello\\n");\n}\nloadmodule "xlog.so"\n',
        good='loadmodule "xlog.so"\nrequest_route {\n    xlog("hello\\n");\n}\n',
    ),
    Example(
        bad='loadmodule "sl.so"\nloadmodule "tm.so"\nrequest_route {\n    if («t_exists»()) exit;\n}\n',
        good='loadmodule "sl.so"\nloadmodule "tm.so"\nrequest_route {\n    if (t_check_trans()) exit;\n}\n',
        targets=("kamailio=5.6",),
    ),
    Example(
        bad='loadmodule "sl.so"\nrequest_route {\n    «our_function»();\n}\n',
        good='loadmodule "sl.so"\nloadmodule "our_module.so"\nrequest_route {\n    our_function();\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    calls: dict[str, list[Located]] = {}
    for located, fault in kamailio.refused_calls:
        if fault == UNKNOWN:
            calls.setdefault(located.call.name, []).append(located)
    meant = Suggestions([*kamailio.exports.functions, *core().names("functions")])
    for name, places in calls.items():
        first = places[0].call
        often = f" (called {len(places)} times)" if len(places) > 1 else ""
        reason, notes = where(kamailio, _elsewhere(kamailio, places[0]))
        if not reason:
            reason = _other_release(kamailio, name)
        other = None if reason else meant.nearest(name)
        if other is not None:
            reason = f"; did you mean '{other}'?"
        text = f"no loaded module has a function '{name}'{version(kamailio)}{often}{reason}"
        subject = slip(name, other, *(located.call.word for located in places))
        yield Defect(first.word.place, text, notes, subject)


def _elsewhere(kamailio: Kamailio, located: Located) -> Elsewhere:
    before = kamailio.modules_before(located.route)
    return kamailio.exports.elsewhere("functions", located.call.name, before)


def _other_release(kamailio: Kamailio, name: str) -> str:
    for export in kamailio.exports.functions.get(name, ()):
        held = frozenset().union(*(s.versions for s in export.module.function(name)))
        return f"; '{export.module.name}' has it in {RELEASES.spoken(held)}"
    return ""


CHECK = Check(find, level="error", category="load", fix=corrected)
