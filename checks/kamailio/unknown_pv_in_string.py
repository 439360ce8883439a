"""A string holds a pseudo-variable, or a transformation, that no loaded module has.

Why it matters: the server looks the pseudo-variables of an argument up when it starts, which kamailio -c does not do:
the check passes, and the server does not start ("error searching pvar"). A dollar sign alone is refused likewise.

Client sees: as the server does not start: any request -> no answer

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: correct the name, load the module that has it, or write $$ for a dollar sign.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import core
from cfglint.knowledge.names import Suggestions
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import Use, uses
from cfglint.syntax.kamailio.nodes import String
from cfglint.syntax.kamailio.pv import BadVariable, variables

from ._formats import EVALUATED, runs_on
from ._modules import version, where
from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("from «$sipp»\\n");\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("from $si\\n");\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("«$T_reply_code» for $ru\\n");\n}\n',
        good='loadmodule "tm.so"\nloadmodule "tmx.so"\nloadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n'
        '    xlog("$T_reply_code for $ru\\n");\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("«$avpp(x)»\\n");\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$avp(x)\\n");\n}\n',
        fixed='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$avp(x)\\n");\n}\n',
    ),
    Example(
        bad='loadmodule "xlog.so"\nrequest_route {\n    xlog("costs 5«$»\\n");\n}\n',
        good='loadmodule "xlog.so"\nrequest_route {\n    xlog("costs 5$$\\n");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    exports, everything = kamailio.exports, len(kamailio.exports.names)
    if not kamailio.whole or exports.strangers:
        return
    unknown: dict[str, list[Use]] = {}
    for located in kamailio.texts:
        token = located.node
        if "$" not in token.text:
            continue
        for use in uses(token, EVALUATED):
            variable = use.variable
            lacking = variable.name and exports.lacks_variable(variable.name, everything)
            if lacking and runs_on(kamailio, variable) is None:
                unknown.setdefault(variable.name, []).append(use)
            for found in variable.transformations:
                if exports.lacks_transformation(found.group, found.function, everything):
                    yield Defect(
                        token.part(found.start, found.end),
                        f"there is no transformation '{found.name}'{version(kamailio)}",
                    )
        yield from _lone_dollars(token)
    meant = Suggestions([*exports.variables, *core().names("variables")])
    for name, places in unknown.items():
        reason, notes = where(kamailio, exports.elsewhere("variables", name, everything))
        other = None if reason else meant.nearest(name)
        if other is not None:
            reason = f"; did you mean '${other}'?"
        often = f" (used {len(places)} times)" if len(places) > 1 else ""
        text = f"no loaded module has a pseudo-variable '${name}'{version(kamailio)}{often}{reason}"
        yield Defect(places[0].place, text, notes, slip(name, other, *(use.token for use in places)))


def _lone_dollars(token: String) -> Iterator[Defect]:
    for found in variables(token.value):
        if isinstance(found, BadVariable) and found.end - found.start == 1:
            yield Defect(
                token.part(found.start, found.end), "a dollar sign begins a pseudo-variable: write $$ for one alone"
            )


CHECK = Check(find, level="error", category="load", fix=corrected)
