"""A script in another language is to route requests.

Why it matters: what that script does with a request is not judged here. cfgengine names a language that a module must
have brought further up, or the server does not start. And where there is a request_route, the server runs that, and the
script's ksr_request_route is never called (core/receive.c:receive_msg).

Log:
    Can't set config routing engine

Fix: load the module above the line; take the request_route away, or put both into conditions of the preprocessor.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.graph import MAIN

from ._modules import listed

EXAMPLES = [
    Example(
        bad='loadmodule "app_lua.so"\n«cfgengine "lua"»\nrequest_route {\n    exit;\n}\n',
        good='loadmodule "app_lua.so"\nmodparam("app_lua", "load", "/etc/kamailio/kamailio.lua")\n'
        "request_route {\n    exit;\n}\n",
    ),
    Example(
        bad='loadmodule "app_lua.so"\n«cfgengine "python"»\n',
        good='loadmodule "app_python3.so"\ncfgengine "native"\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='loadmodule "app_python3.so"\n«cfgengine "python"»\n',
        good='loadmodule "app_python3.so"\nrequest_route {\n    exit;\n}\n',
    ),
]

ENGINES = {
    "jsdt": ["app_jsdt"],
    "lua": ["app_lua"],
    "python": ["app_python3", "app_python3s", "app_python"],
    "ruby": ["app_ruby"],
    "sqlang": ["app_sqlang"],
}
"""The modules that bring a language (their calls of sr_kemi_eng_register)."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    line = kamailio.engine
    if line is None:
        return
    before = kamailio.modules_before(line)
    modules = ENGINES.get(line.value.value.lower(), [])
    known = kamailio.whole and not kamailio.exports.has_stranger(before)
    if known and not any(module in modules for module in kamailio.exports.names[:before]):
        hint = f", which {listed(modules)} brings" if modules else ""
        yield Defect(
            line.place, f"no module that is loaded above has the engine '{line.value.value}'{hint}", level="error"
        )
    elif (MAIN, None) not in kamailio.named_routes:
        yield Defect(line.place, f"the {line.value.value} script routes the requests: cfglint does not read it")
    for route in kamailio.named_routes.get((MAIN, None), ())[:1]:
        notes = (Note(route.word.place, "this gets the requests"),)
        text = f"the requests go to the request_route: the '{line.value.value}' script never sees one"
        yield Defect(line.place, text, notes)


CHECK = Check(find, level="info", category="load")
