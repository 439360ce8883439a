"""A module is loaded twice.

Why it matters: core/sr_module.c refuses to load a module that is loaded already, and the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    failed to load module

Verdict: spurious, for every phone there is: the server does not start.

Fix: take one of the lines away. Safe: both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio, Loaded
from cfglint.model.kamailio.editing import remove_item, written

EXAMPLES = [
    Example(
        bad='loadmodule "sl.so"\nloadmodule «"sl"»\nrequest_route { exit; }\n',
        good='loadmodule "sl.so"\nloadmodule "pv.so"\nrequest_route { exit; }\n',
        fixed='loadmodule "sl.so"\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "sl.so"\nloadmodule(«"sl"», "g")\nrequest_route { exit; }\n',
        good='loadmodule "sl.so"\nloadmodule("sl", "o")\nrequest_route { exit; }\n',
        targets=("kamailio=6.1",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for module in kamailio.modules:
        first = kamailio.loaded[module.name]
        options = module.node.options.value if module.node.options is not None else ""
        if module is not first and "o" not in options:
            yield Defect(
                module.node.module.place,
                f"'{module.name}' is loaded already: the server does not start",
                (Note(first.node.module.place, "first loaded here"),),
                module,
            )


def fix(again: Loaded) -> Fix | None:
    if again.node.options is not None or not written(again.node):
        return None
    return Fix("load it once", (remove_item(again.node),), SAFE)


CHECK = Check(find, level="error", category="load", fix=fix)
