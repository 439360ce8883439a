"""A flag has a name that is not declared, or a number that is too high.

Why it matters: core/cfg.y knows the names of flags only from "flags" and "avpflags" lines further up, and message flags
go from 0 to 31. It refuses others, and the server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    flag not declared
    bad flag value

Verdict: spurious, for every phone there is: the server does not start.

Fix: declare the name with a line flags NAME above the routes, or define it as a number.
Unsafe: a name that is alike may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import constant
from cfglint.syntax.kamailio.items import Flag, FlagList, Route
from cfglint.syntax.kamailio.nodes import Number

from ._slips import corrected, slip

EXAMPLES = [
    Example(
        bad="flags NATED\nrequest_route {\n    setflag(«NATTED»);\n}\n",
        good="flags NATED\nrequest_route {\n    setflag(NATED);\n}\n",
        fixed="flags NATED\nrequest_route {\n    setflag(NATED);\n}\n",
    ),
    Example(
        bad="#!define NATED 32\nrequest_route {\n    setflag(«NATED»);\n}\n",
        good="#!define NATED 31\nrequest_route {\n    setflag(NATED);\n}\n",
    ),
]

HIGHEST = 31
"""The last message flag (MAX_FLAG of src/core/flags.h)."""

COMMANDS = ("setflag", "resetflag", "isflagset")
AVP_COMMANDS = ("setavpflag", "resetavpflag", "isavpflagset")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    declared = _declared(kamailio)
    for commands, kind in ((COMMANDS, "flags"), (AVP_COMMANDS, "avpflags")):
        for located in kamailio.calls_of(*commands):
            if not located.call.arguments:
                continue
            flag = located.call.arguments[-1]
            name = constant(flag)
            known = declared[located.route].get(kind, ())
            if kind == "flags" and isinstance(flag, Number):
                if flag.value > HIGHEST:
                    yield Defect(flag.place, f"there is no flag {flag.value}: the highest is {HIGHEST}")
            elif name is not None and name not in known:
                other = nearest(name, known)
                hint = f"; did you mean '{other}'?" if other is not None else ""
                text = f"no '{kind}' line above declares '{name}'{hint}"
                yield Defect(flag.place, text, subject=slip(name, other, flag))


def _declared(kamailio: Kamailio) -> dict[Route, dict[str, set[str]]]:
    """The names that are declared above each route, by the word that declares them."""
    found: dict[Route, dict[str, set[str]]] = {}
    names: dict[str, set[str]] = {}
    for item in kamailio.file.items:
        if isinstance(item, FlagList):
            word = "avpflags" if item.word.text == "avpflags" else "flags"
            tokens = (flag.name if isinstance(flag, Flag) else flag for flag in item.flags)
            names = {**names, word: names.get(word, set()) | {constant(token) or "" for token in tokens}}
        elif isinstance(item, Route):
            found[item] = names
    return found


CHECK = Check(find, level="error", category="load", fix=corrected)
