"""The script is too large to be followed for everybody who may come.

Why it matters: checks of answers play the requests of phones and peers through the routing script. One that branches
without end, or has tens of thousands of statements on one way, is followed up to a bound and no further: a refusal
behind that may not be told. All other checks have looked at all of it.

Fix: none. `cfglint trace` follows one request further than the checks do.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "textops", "usrloc", "registrar"))

EXAMPLES = [
    Example(
        bad=MODULES + "max_while_loops=0\n«request_route» {\n    while (1) {\n        $var(i) = $var(i) + 1;\n    }\n"
        '    save("location");\n}\n',
        good=MODULES
        + "max_while_loops=0\nrequest_route {\n    while ($var(i) < 10) {\n        $var(i) = $var(i) + 1;\n"
        '    }\n    save("location");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    asked = probes(kamailio)
    told = (asked.registration, asked.call, asked.peer_call)
    if asked.is_cut and not any(told):
        word = kamailio.named_routes["request_route", None][0].word
        yield Defect(word.place, "what this answers was not followed to the end: it is too large, or has no end")


CHECK = Check(find, level="info", category="answer")
