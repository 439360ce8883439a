"""Something is assigned to a pseudo-variable that cannot be changed.

Why it matters: core/cfg.y refuses it, and the server does not start. In a condition it is mostly a comparison with an
equals sign too few.

Client sees: as the server does not start: any request -> no answer

Log:
    read only pvar in assignment left side

Verdict: spurious, for every phone there is: the server does not start.

Fix: compare with ==, or assign to the pseudo-variable that can be changed: $rU of $ru, $du, $avp(x), $var(x).
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import holding
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import Assignment, Variable
from cfglint.syntax.kamailio.pv import BadVariable, parse_variable

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nrequest_route {\n    if («$si» = "192.0.2.1") exit;\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    if ($si == "192.0.2.1") exit;\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nrequest_route {\n    «$(rU{s.tolower})» = "a";\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    $rU = "a";\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Assignment):
        target = located.node.target
        variable = parse_variable(target.text) if isinstance(target, Variable) else None
        if variable is None or isinstance(variable, BadVariable):
            continue
        if variable.transformations:
            yield Defect(target.place, "what a transformation makes cannot be assigned to")
            continue
        known = kamailio.exports.variable(variable.name, kamailio.modules_before(located.route))
        held = holding(known, kamailio.exports.releases)
        if held and not any(variant.settable for variant in held):
            yield Defect(target.place, f"${variable.name} cannot be assigned to{version(kamailio)}")


CHECK = Check(find, level="error", category="load")
