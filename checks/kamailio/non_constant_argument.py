"""An argument that must be constant holds a pseudo-variable.

Why it matters: many functions prepare their arguments when the server starts. core/cfg.y refuses anything for them that
is only known at run time, and the server does not start. In quotes most of them take pseudo-variables all the same, and
replace them at run time.

Client sees: as the server does not start: any request -> no answer

Log:
    function ...: parameter ... is not constant

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the pseudo-variable in quotes: f("$var(x)").
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_facts import FORMAT, NUMBER
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.nodes import AttributeValue, Call, CoreTest, Select, Variable, walk

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog(«$ru»);\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$ru");\n}\n',
        fixed='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$ru");\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nloadmodule "tm.so"\nrequest_route {\n    t_on_failure(«"TO_" + $rd»);\n}\n',
        good='loadmodule "pv.so"\nloadmodule "tm.so"\nrequest_route {\n    t_on_failure("TO_" + "GW");\n}\n',
    ),
]

MOVING = (Variable, Select, AttributeValue, Call, CoreTest)
"""What is only known at run time (src/core/rvalue.c:rve_is_constant)."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls:
        call = located.call
        if call.is_command or all(
            isinstance(argument, tuple) and not isinstance(argument, MOVING) for argument in call.arguments
        ):
            continue
        taken = kamailio.exports.arguments(call.name, len(call.arguments))
        if taken.constant:
            for kind, argument in zip(taken.kinds, call.arguments, strict=True):
                if any(isinstance(part, MOVING) for part in walk([argument])):
                    quotable = isinstance(argument, Variable) and kind in (FORMAT, NUMBER)
                    text = f"'{call.name}' takes constants alone{version(kamailio)}: put a pseudo-variable in quotes"
                    yield Defect(argument.place, text, subject=argument.place if quotable else None)
                    break


def fix(place: Place) -> Fix | None:
    if not place.text.startswith("$") or '"' in place.text:
        return None
    return Fix("put it in quotes", (replace(place, f'"{place.text}"'),), SAFE)


CHECK = Check(find, level="error", category="load", fix=fix)
