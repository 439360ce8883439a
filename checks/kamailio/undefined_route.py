"""A route is called that does not exist.

Why it matters: core/route.c:fix_actions looks the names of route(X) up when the server starts, after what kamailio -c
does: the check passes, and the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    route "..." not found at ...:...

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: correct the name, or write the route. Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.graph import NAMED, Jump
from cfglint.model.kamailio.script import inside

from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad="request_route {\n    route(«AUHT»);\n}\nroute[AUTH] {\n    exit;\n}\n",
        good="request_route {\n    route(AUTH);\n}\nroute[AUTH] {\n    exit;\n}\n",
        fixed="request_route {\n    route(AUTH);\n}\nroute[AUTH] {\n    exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    exit;\n}\nfailure_route[NEXT] {\n    route(«NEXT»);\n}\n",
        good="request_route {\n    exit;\n}\nfailure_route[NEXT] {\n    route(NEXT);\n}\nroute[NEXT] {\n    exit;\n}\n",
    ),
    Example(
        bad='request_route {\n    route(«"TO_" + $rU»);\n}\nroute[T0_100] {\n    exit;\n}\n',
        good='request_route {\n    route("TO_" + $rU);\n}\nroute[TO_100] {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    names = [name for kind, name in kamailio.named_routes if kind == NAMED and name is not None]
    for jump in kamailio.graph.jumps:
        place = inside(jump.call.arguments[0]).place
        if jump.name is None and jump.prefix and not any(name.startswith(jump.prefix) for name in names):
            yield Defect(place, f"there is no route whose name begins with '{jump.prefix}'", level="warning")
        elif jump.name is not None and not kamailio.graph.targets(jump):
            subject = slip(jump.name, nearest(jump.name, names), inside(jump.call.arguments[0]))
            text = f"there is no route '{jump.name}'{_hint(kamailio, jump, names)}"
            yield Defect(place, text, _notes(kamailio), subject)


def _hint(kamailio: Kamailio, jump: Jump, names: list[str]) -> str:
    other = nearest(jump.name or "", names)
    if other is not None:
        return f"; did you mean '{other}'?"
    kind = next((kind for kind, name in kamailio.named_routes if name == jump.name), None)
    return f"; there is a {kind} of that name, which route() does not call" if kind else ""


def _notes(kamailio: Kamailio) -> tuple[Note, ...]:
    """Files that may be missing here only."""
    missing = (include for include in kamailio.config.includes if include.source is None)
    return tuple(Note(include.place, "or is it in this file, which is not here?") for include in missing)


CHECK = Check(find, level="error", category="load", fix=corrected)
