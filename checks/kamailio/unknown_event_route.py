"""No module runs an event route of that name.

Why it matters: core/cfg.lex takes any name with a colon, and drops the characters that cannot be part of one, such as
quotes; what no module asks for never runs.

Log: Nothing.

Fix: correct the name, or load the module that runs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import core, index
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import String

from ._modules import listed, version
from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='loadmodule "tm.so"\nevent_route[«tm:locl-request»] {\n    exit;\n}\n',
        good='loadmodule "tm.so"\nevent_route[tm:local-request] {\n    exit;\n}\n',
        fixed='loadmodule "tm.so"\nevent_route[tm:local-request] {\n    exit;\n}\n',
    ),
    Example(
        bad='loadmodule "sl.so"\nevent_route[«tm:local-request»] {\n    exit;\n}\n',
        good='loadmodule "tm.so"\nevent_route[tm:local-request] {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.exports.strangers:
        return
    routes = [route for route in kamailio.routes if route.kind == "event_route" and route.name_token is not None]
    texts = [token.text for token in kamailio.config.tokens if isinstance(token, String)] if routes else []
    for route in routes:
        name = route.name or ""
        owners = _owners(kamailio, name)
        # A parameter or an argument may name it: the names of some are free.
        if owners is None or any(owner in kamailio.loaded for owner in owners) or any(name in text for text in texts):
            continue
        other = None
        if owners:
            reason = f"{listed(owners)} would run it, which is not loaded"
        else:
            known = [n for n in index().names("event_routes", kamailio.releases) if not n.endswith("*")]
            other = nearest(name, [*known, *core().names("event_routes")])
            reason = f"no module runs it{version(kamailio)}" + (f"; did you mean '{other}'?" if other else "")
        if route.name_token is not None:
            yield Defect(
                route.name_token.place,
                f"event_route[{name}] never runs: {reason}",
                subject=slip(name, other, route.name_token),
            )


def _owners(kamailio: Kamailio, name: str) -> list[str] | None:
    """The modules that run an event route; None for one of the core."""
    if core().event_route(name):
        return None
    found = []
    for known in index().names("event_routes", kamailio.releases):
        if known == name or (known.endswith("*") and name.startswith(known[:-1])):
            found += index().exporters("event_routes", known, kamailio.releases)
    return found


CHECK = Check(find, level="warning", category="load", fix=corrected)
