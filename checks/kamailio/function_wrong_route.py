"""A function stands in a block where it may not be called.

Why it matters: every function says in what kinds of blocks it works; core/cfg.y refuses it in others ("misused
command", "Command cannot be used in the block"), and the server does not start. It takes any route[X] for a request's.

Fix: use the function that is meant for the block: send_reply() where sl_send_reply() does not go, for example.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio, flags
from cfglint.model.kamailio_exports import BLOCK
from cfglint.model.kamailio_script import Located
from cfglint.source import Place

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "sl.so"\nfailure_route[A] {\n    «sl_send_reply»("403", "Forbidden");\n}\n',
        good='loadmodule "sl.so"\nfailure_route[A] {\n    send_reply("403", "Forbidden");\n}\n',
        fixed='loadmodule "sl.so"\nfailure_route[A] {\n    send_reply("403", "Forbidden");\n}\n',
    ),
    Example(
        bad='loadmodule "tm.so"\nreply_route {\n    «t_relay»();\n}\n',
        good='loadmodule "tm.so"\nfailure_route[A] {\n    t_relay();\n}\n',
    ),
]

BROADER = {"sl_send_reply": "send_reply", "sl_reply": "send_reply", "sl_reply_error": "send_reply_error"}
"""Functions of sl, and those that do the same in more blocks (src/modules/sl/sl.c)."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located, fault in kamailio.refused_calls:
        if fault == BLOCK:
            word = located.call.word
            text = f"'{word.text}' may not be called in {_block(located)}{version(kamailio)}"
            other = _broader(kamailio, located)
            fixable = other is not None and word.place.text == word.text
            yield Defect(
                word.place,
                text if other is None else f"{text}; '{other}' may",
                subject=(word.place, other) if fixable else None,
            )


def _broader(kamailio: Kamailio, located: Located) -> str | None:
    call, route = located.call, located.route
    other = BROADER.get(call.name)
    before = kamailio.modules_before(route)
    refused = other is None or kamailio.exports.fault(other, len(call.arguments), flags(route), before)
    return None if refused else other


def _block(located: Located) -> str:
    kind = located.route.kind
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def fix(subject: tuple[Place, str]) -> Fix:
    place, other = subject
    return Fix(f"call '{other}' instead", (replace(place, other),), SAFE)


CHECK = Check(find, level="error", category="load", fix=fix)
