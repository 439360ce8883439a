"""A parameter's value is of the wrong type.

Why it matters: the type is part of what core/modparam.c looks up: a number in quotes is a string, and a parameter that
takes a number is not found for it. The server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    parameter <...> of type <...:...> not found in module <...>
    Can't set module parameter

Verdict: spurious, for every phone there is: the server does not start.

Fix: take the quotes away, or put them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import Module, holding, lacking
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.parameters import Setting
from cfglint.source import Place

from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "tm.so"\nmodparam("tm", "fr_timer", «"5000"»)\nrequest_route { exit; }\n',
        good='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
        fixed='loadmodule "tm.so"\nmodparam("tm", "fr_timer", 5000)\nrequest_route { exit; }\n',
    ),
    Example(
        bad='loadmodule "usrloc.so"\nmodparam("usrloc", "db_url", «1»)\nrequest_route { exit; }\n',
        good='loadmodule "usrloc.so"\nmodparam("usrloc", "db_url", "text:///srv/db")\nrequest_route { exit; }\n',
        fixed='loadmodule "usrloc.so"\nmodparam("usrloc", "db_url", "1")\nrequest_route { exit; }\n',
    ),
]

TYPES = {"int": "a number", "string": "a string"}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for setting in kamailio.settings:
        wanted = next(filter(None, (_wanted(kamailio, setting, m) for m in kamailio.modules_of(setting) or ())), None)
        if wanted is not None and setting.kind is not None:
            place = setting.node.value.place
            text = f"'{setting.name}' wants {TYPES[wanted]}{version(kamailio)}, and this is {TYPES[setting.kind]}"
            yield Defect(place, text, subject=(place, wanted))


def _wanted(kamailio: Kamailio, setting: Setting, module: Module) -> str | None:
    """The type that the parameter has, where every release wants another one than is given."""
    releases = kamailio.exports.releases
    found = holding(module.parameter(setting.name or ""), releases)
    if not found or setting.kind is None or lacking([p for p in found if p.takes(setting.kind)], releases) != releases:
        return None
    return found[0].type


def fix(subject: tuple[Place, str]) -> Fix | None:
    place, wanted = subject
    if wanted == "string" and re.fullmatch(r"-?\w+", place.text, re.ASCII):
        return Fix("put it in quotes", (replace(place, f'"{place.text}"'),), SAFE)
    number = re.fullmatch(r"([\"'])\s*(-?(?:0|[1-9][0-9]*)|yes|no|on|off|true|false)\s*\1", place.text)
    if wanted == "int" and number is not None:
        return Fix("take the quotes away", (replace(place, number[2]),), SAFE)
    return None


CHECK = Check(find, level="error", category="load", fix=fix)
