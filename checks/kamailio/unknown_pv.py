"""A pseudo-variable, or a transformation, that no loaded module has.

Why it matters: core/cfg.y looks them up where they stand, among the modules that are loaded further up, and refuses
what it does not find. Without a line #!KAMAILIO an unknown bare $name is taken for an AVP of that name, which nobody
sets.

Client sees: as the server does not start: any request -> no answer

Log:
    Can't get from cache: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or load the module further up.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import core
from cfglint.knowledge.names import Suggestions
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import Located, Use, uses
from cfglint.syntax.kamailio.nodes import Assignment, Variable

from ._formats import EVALUATED
from ._modules import version, where
from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nrequest_route {\n    if («$avpp(x)» == 1) exit;\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    if ($avp(x) == 1) exit;\n}\n',
        fixed='loadmodule "pv.so"\nrequest_route {\n    if ($avp(x) == 1) exit;\n}\n',
    ),
    Example(
        bad='#!KAMAILIO\nrequest_route {\n    if («$sht(a=>b)» == 1) exit;\n}\nloadmodule "htable.so"\n',
        good='#!KAMAILIO\nloadmodule "htable.so"\nrequest_route {\n    if ($sht(a=>b) == 1) exit;\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nrequest_route {\n    if ($(rU«{s.length}») == 3) exit;\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    if ($(rU{s.len}) == 3) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    exports = kamailio.exports
    targets = (located.node.target for located in kamailio.nodes(Assignment))
    assigned = {target.text for target in targets if isinstance(target, Variable)}
    meant = Suggestions([*exports.variables, *core().names("variables")])
    for located in kamailio.nodes(Variable):
        token, before = located.node, kamailio.modules_before(located.route)
        for use in uses(token, EVALUATED):
            variable = use.variable
            if variable.name != "$" and exports.lacks_variable(variable.name, before):
                # Without #!KAMAILIO a bare name may be that of an AVP; then something should set it.
                bare = kamailio.config.mode != "KAMAILIO" and token.text[1:].isidentifier()
                if not (bare and token.text in assigned):
                    yield _unknown(kamailio, located, use, meant, bare)
                break
            for found in variable.transformations:
                if exports.lacks_transformation(found.group, found.function, before):
                    place = token.part(found.start, found.end)
                    yield Defect(place, f"there is no transformation '{found.name}'{version(kamailio)}")


def _unknown(kamailio: Kamailio, located: Located, use: Use, meant: Suggestions, bare: bool) -> Defect:
    name = use.variable.name
    elsewhere = kamailio.exports.elsewhere("variables", name, kamailio.modules_before(located.route))
    reason, notes = where(kamailio, elsewhere)
    other = None if reason else meant.nearest(name)
    if other is not None:
        reason = f"; did you mean '${other}'?"
    text = f"no loaded module has a pseudo-variable '${name}'{version(kamailio)}"
    if bare:
        return Defect(use.place, f"{text}: it is taken for an AVP{reason}", notes, level="warning")
    return Defect(use.place, text + reason, notes, slip(name, other, use.token))


CHECK = Check(find, level="error", category="load", fix=corrected)
