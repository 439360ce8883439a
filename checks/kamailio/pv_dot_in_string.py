"""A dot or a question mark behind a pseudo-variable in a string becomes part of its name.

Why it matters: in a string, unlike elsewhere, a name may hold them (core/pvapi.c:is_pv_valid_char): "$si." means the
pseudo-variable "si.", which nobody has. kamailio -c does not see it; the server does not start.

Client sees: as the server does not start: any request -> no answer

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: put the name in parentheses: $(si).
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import uses
from cfglint.source import Place, Span

from ._formats import EVALUATED, runs_on

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("refused «$si.»\\n");\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("refused $(si).\\n");\n}\n',
        fixed='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("refused $(si).\\n");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    exports, everything = kamailio.exports, len(kamailio.exports.names)
    if not kamailio.whole or exports.strangers:
        return
    for located in kamailio.texts:
        for use in uses(located.node, EVALUATED) if "$" in located.node.text else ():
            name = use.variable.name
            known = runs_on(kamailio, use.variable) if exports.lacks_variable(name, everything) else None
            if known is not None:
                text = f"this is a pseudo-variable called '{name}', which nobody has; '${known}' ends nowhere before it"
                yield Defect(use.place, text, subject=(use.place, known))


def fix(subject: tuple[Place, str]) -> Fix | None:
    place, name = subject
    if not place.text.startswith(f"${name}"):
        return None
    start = place.span.start
    name_place = Place(place.source, Span(start, start + 1 + len(name)))
    return Fix("put the name in parentheses", (replace(name_place, f"$({name})"),), SAFE)


CHECK = Check(find, level="error", category="load", fix=fix)
