"""A handler is armed that does not exist.

Why it matters: tm looks the names of t_on_failure(), t_on_branch() and t_on_reply() up when the server starts, and only
warns of a missing block. Nothing happens then when the call fails, branches or is answered.

Log:
    ...("..."): empty/non existing route

Fix: correct the name, or write the block. Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import constant

from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad='request_route {\n    t_on_failure(«"MISING"»);\n}\nfailure_route[MISSING] {\n    exit;\n}\n',
        good='request_route {\n    t_on_failure("MISSING");\n}\nfailure_route[MISSING] {\n    exit;\n}\n',
        fixed='request_route {\n    t_on_failure("MISSING");\n}\nfailure_route[MISSING] {\n    exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    t_on_branch_failure(«"B"»);\n}\nfailure_route[B] {\n    exit;\n}\n',
        good='request_route {\n    t_on_branch_failure("B");\n}\nevent_route[tm:branch-failure:B] {\n    exit;\n}\n',
    ),
]

ARMED = {
    "t_on_failure": ("failure_route", ""),
    "t_on_reply": ("onreply_route", ""),
    "t_on_branch": ("branch_route", ""),
    "t_on_branch_failure": ("event_route", "tm:branch-failure:"),
}
"""What a function arms: the kind of the block, and what its name begins with (src/modules/tm/tm.c, fixups)."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    for located in kamailio.calls_of(*ARMED):
        call = located.call
        name = constant(call.arguments[0]) if len(call.arguments) == 1 else None
        kind, prefix = ARMED[call.name]
        # An empty name and one 0 take the handler away; a pseudo-variable in the name stands for itself.
        if name is None or name in ("", "0") or (kind, prefix + name) in kamailio.named_routes:
            continue
        names = [other for of, other in kamailio.named_routes if of == kind and other is not None]
        meant = nearest(prefix + name, names)
        hint = f"; did you mean '{meant.removeprefix(prefix)}'?" if meant is not None else ""
        text = f"there is no {kind}[{prefix}{name}], so this has no effect{hint}"
        subject = slip(name, meant.removeprefix(prefix) if meant is not None else None, call.arguments[0])
        yield Defect(call.arguments[0].place, text, subject=subject)


CHECK = Check(find, level="info", category="load", fix=corrected)
