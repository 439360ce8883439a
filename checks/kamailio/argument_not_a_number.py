"""An argument that must be a number is something else.

Why it matters: the function converts it when the server starts, which kamailio -c does not do: the check passes, and
the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    Cannot convert function parameter ... to...

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: it does not get that far, and finds nothing wrong.

Fix: write a number, or a pseudo-variable that holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_facts import INTEGER, NUMBER
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import inside
from cfglint.syntax.kamailio.nodes import String

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "permissions.so"\nrequest_route {\n    if (!allow_source_address(«"office"»)) exit;\n}\n',
        good='loadmodule "permissions.so"\nrequest_route {\n    if (!allow_source_address("1")) exit;\n}\n',
    ),
    Example(
        bad='loadmodule "sl.so"\nrequest_route {\n    sl_send_reply(«"4xx"», "No");\n}\n',
        good='loadmodule "sl.so"\nrequest_route {\n    sl_send_reply("$var(code)", "No");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls:
        call = located.call
        if call.is_command or not call.arguments:
            continue
        kinds = kamailio.exports.arguments(call.name, len(call.arguments)).kinds
        for kind, argument in zip(kinds, map(inside, call.arguments), strict=True):
            if kind in (NUMBER, INTEGER) and isinstance(argument, String) and not _number(argument.value, kind):
                text = f"'{call.name}' wants a number here{version(kamailio)}: the server does not start"
                yield Defect(argument.place, text)


def _number(text: str, kind: str) -> bool:
    """Does the server take it (src/core/sr_module.c:fix_param)? It does take an empty text; some pseudo-variables,
    AVPs and selects are a number's name."""
    if kind == NUMBER and text.startswith(("$", "@")):
        return True
    return re.fullmatch(r"[+-]?[0-9]*|0x[0-9a-fA-F]+", text) is not None


CHECK = Check(find, level="error", category="load")
