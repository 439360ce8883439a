"""A pseudo-variable is not written as its class wants it.

Why it matters: a class takes a name in parentheses or takes none, and the same goes for an index in brackets
(core/pvapi.c:pv_parse_spec2). `$avp`, `$ru(x)`, `$var()` and `$(ru[0])` are refused: outside of strings by the parser,
in strings when the server starts, which `kamailio -c` does not try.

Client sees: as the server does not start: any request -> no answer

Log:
    pvar "..." expects an inner name
    pvar "..." does not get name param
    pvar "..." does not get empty name param
    pvar "..." does not get index param

Verdict: spurious, for every phone there is: the server does not start.

Fix: none by itself: only its author knows which name was meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio import holding
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.script import Use, uses
from cfglint.syntax.kamailio.pv import BadVariable, parse_variable, variables
from cfglint.syntax.kamailio.tokens import Variable

from ._formats import EVALUATED
from ._modules import version

EXAMPLES = [
    Example(
        bad='loadmodule "pv.so"\nrequest_route {\n    if («$var()» == 1 || «$ru(x)» == "a") exit;\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    if ($var(x) == 1 || $ru == "a") exit;\n}\n',
    ),
    Example(
        bad='#!KAMAILIO\nloadmodule "pv.so"\nrequest_route {\n    «$avp» = 1;\n    «$(ru[0])» = "a";\n}\n',
        good='#!KAMAILIO\nloadmodule "pv.so"\nrequest_route {\n    $avp(x) = 1;\n    $(avp(x)[0]) = 2;\n}\n',
    ),
    Example(
        bad='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("«$hdr» «$var()»\\n");\n}\n',
        good='loadmodule "pv.so"\nloadmodule "xlog.so"\nrequest_route {\n    xlog("$hdr(To) $var(x) 5$$\\n");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:
        return
    for located in kamailio.nodes(Variable):
        token = located.node
        if isinstance(parse_variable(token.text), BadVariable):
            yield Defect(token.place, _broken(token.text))
        for use in uses(token, EVALUATED):
            yield from _formed(kamailio, use, kamailio.modules_before(located.route))
    everything = len(kamailio.exports.names)
    for located in kamailio.texts:
        string = located.node
        if "$" not in string.text:
            continue
        for found in variables(string.value):
            if isinstance(found, BadVariable) and found.end - found.start > 1:
                yield Defect(string.part(found.start, found.end), _broken(string.value[found.start : found.end]))
        for use in uses(string, EVALUATED):
            yield from _formed(kamailio, use, everything)


def _broken(text: str) -> str:
    if text == "$":
        return "a dollar sign alone is no pseudo-variable"
    return "no name stands in the parentheses" if "()" in text else "this is no pseudo-variable"


def _formed(kamailio: Kamailio, use: Use, before: int) -> Iterator[Defect]:
    variable = use.variable
    known = holding(kamailio.exports.variable(variable.name, before), kamailio.releases)
    if not known:
        return
    name = f"${variable.name}"
    if variable.inner is None and all(found.inner for found in known):
        yield Defect(use.place, f"{name} wants a name in parentheses{version(kamailio)}: {name}(...)")
    elif variable.inner is not None and not any(found.inner for found in known):
        yield Defect(use.place, f"{name} takes no name in parentheses{version(kamailio)}")
    elif variable.subscript is not None and not any(found.index for found in known):
        yield Defect(use.place, f"{name} takes no index{version(kamailio)}")


CHECK = Check(find, level="error", category="load")
