"""A function is called with a number of arguments that it does not take.

Why it matters: the number of arguments is part of what core/cfg.y looks up. A function that does not take so many is
an unknown one to it, and the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    cfg. parser: failed to find command ... (params ...)
    unknown command, missing loadmodule?

Verdict: spurious, for every phone there is: the server does not start.

Fix: give the arguments that the function takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import core, holding
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.exports import COUNT
from cfglint.model.kamailio.script import Located

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "sl.so"\nrequest_route {\n    «sl_send_reply("403")»;\n}\n',
        good='loadmodule "sl.so"\nrequest_route {\n    sl_send_reply("403", "Forbidden");\n}\n',
    ),
    Example(
        bad='loadmodule "tm.so"\nrequest_route {\n    if (!«t_relay("192.0.2.1:5060")») exit;\n}\n',
        good='loadmodule "tm.so"\nrequest_route {\n    if (!t_relay("192.0.2.1", "5060")) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located, fault in kamailio.refused_calls:
        if fault == COUNT:
            call, count = located.call, len(located.call.arguments)
            wrong = f"does not take {_arguments(count)}" if count else "does not do without arguments"
            yield Defect(call.place, f"'{call.name}' {wrong}{version(kamailio)}; it takes {_taken(kamailio, located)}")


def _taken(kamailio: Kamailio, located: Located) -> str:
    before = kamailio.modules_before(located.route)
    found = holding(kamailio.exports.signatures(located.call.name, before), kamailio.exports.releases)
    if any(signature.args is None for signature in found):
        return f"{core().max_arguments} at most"
    counts = sorted({count for signature in found for count in signature.args or ()})
    return " or ".join(map(str, counts)) if counts != [0] else "none"


def _arguments(count: int) -> str:
    return "one argument" if count == 1 else f"{count} arguments"


CHECK = Check(find, level="error", category="load")
