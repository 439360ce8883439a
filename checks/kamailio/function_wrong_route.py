"""A function stands in a block where it may not be called.

Why it matters: every function says in what kinds of blocks it works; core/cfg.y refuses it in others, and the server
does not start. It takes any route[X] for a request's.

Client sees: as the server does not start: any request -> no answer

Log:
    misused command ...
    Command cannot be used in the block

Verdict: spurious, for every phone there is: the server does not start.

Fix: use the function that is meant for the block: send_reply() where sl_send_reply() does not go, for example.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import RELEASES
from cfglint.model.kamailio import Kamailio, flags
from cfglint.model.kamailio.exports import BLOCK
from cfglint.model.kamailio.script import Located
from cfglint.source import Place
from cfglint.syntax.kamailio.nodes import Call

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
    Example(
        bad="onsend_route {\n    «strip»(1);\n}\n",
        good="onsend_route {\n    setflag(1);\n}\n",
    ),
]

BROADER = {"sl_send_reply": "send_reply", "sl_reply": "send_reply", "sl_reply_error": "send_reply_error"}
"""Functions of sl, and those that do the same in more blocks (src/modules/sl/sl.c)."""

ON_SEND = {"log", "setflag", "resetflag", "isflagset", "set_forward_no_connect", "set_reply_no_connect"}
ON_SEND |= {"set_forward_close", "set_reply_close"}
"""The commands that an onsend_route takes (src/core/cfg.y, rule fcmd)."""

BEFORE_ROUTE = RELEASES.parse("5.4-5.6")
"""Later it also takes route()."""


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
    for located in kamailio.calls:
        if located.route.kind == "onsend_route" and _off_send(kamailio, located.call):
            word = located.call.word
            yield Defect(word.place, f"'{word.text}' may not be called in an onsend_route{version(kamailio)}")


def _off_send(kamailio: Kamailio, call: Call) -> bool:
    if call.name == "route":
        return kamailio.releases <= BEFORE_ROUTE
    return call.is_command and call.name not in ON_SEND


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
