"""return 0 ends the whole script, not only its route.

Why it matters: a return whose value is 0 sets the exit flag, like exit (core/action.c, DROP_T; since 5.4.8 and 5.5.4).
The caller does not go on: `if (!route(X))` is not even asked, no reply is sent, and the phone tries again until it
gives up. A test such as is_method() counts as 1 or 0 in an expression, so `return is_method("X");` does it as well.

Client sees: where the reply stands behind the call: REGISTER -> no answer

Log: Nothing.

RFC: 3261 section 8.2.6: a request other than INVITE is answered with a final response as soon as possible.

Verdict: spurious. The script meant to go on.

Does not help: anything that is changed in the phone, or in the firewall.

Fix: return -1 for false. Unsafe: what the caller does for false is done at last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import COMPARISONS, number, plain
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.graph import NAMED, Jump
from cfglint.syntax.kamailio.items import Route
from cfglint.syntax.kamailio.nodes import Call, CoreTest, Prefixed, Return
from cfglint.syntax.kamailio.precedence import Operation

from ._replies import sequences

EXAMPLES = [
    Example(
        bad="request_route {\n    if (!route(LOCAL)) exit;\n}\nroute[LOCAL] {\n    return «0»;\n}\n",
        good="request_route {\n    if (!route(LOCAL)) exit;\n}\nroute[LOCAL] {\n    return -1;\n}\n",
        fixed="request_route {\n    if (!route(LOCAL)) exit;\n}\nroute[LOCAL] {\n    return -1;\n}\n",
    ),
    Example(
        bad='request_route {\n    $var(x) = route(ACK);\n}\nroute[ACK] {\n    return («!is_method("ACK")»);\n}\n',
        good="request_route {\n    route(ACK);\n    return 0;\n}\nroute[ACK] {\n    exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    if (!route(LOCAL)) exit;\n}\nroute[LOCAL] {\n    return «0»;\n}\n",
        good="request_route {\n    route(LOCAL);\n}\nroute[LOCAL] {\n    return 0;\n}\n",
        fixed="request_route {\n    if (!route(LOCAL)) exit;\n}\nroute[LOCAL] {\n    return -1;\n}\n",
        targets=("kamailio=5.6",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if kamailio.releases == {"5.4"}:  # the first releases of it go on
        return
    plainly = {statement for statements in sequences(kamailio) for statement in statements}
    for located in kamailio.nodes(Return):
        value = plain(located.node.value)
        if located.node.word.text != "return" or not (_is_test(value) or number(value) == 0):
            continue
        asked = _asked(kamailio, located.route, plainly)
        if asked is not None:
            name = asked.name
            what = "this" if number(value) == 0 else "this, when it is false,"
            message = f"{what} ends the script: who asks route({name}) never hears that it is false"
            yield Defect(value.place, message, (Note(asked.call.place, "asked here"),), located.node)


def _asked(kamailio: Kamailio, route: Route, plainly: set[Any]) -> Jump | None:
    """A jump to a route that wants to know what it returns."""
    jumps = kamailio.graph.callers.get(route, ()) if route.kind == NAMED else ()
    return next((jump for jump in jumps if jump.call not in plainly), None)


def _is_test(value: Any) -> bool:
    if isinstance(value, Operation):
        return value.operator in (*COMPARISONS, "&&", "||")
    negation = isinstance(value, Prefixed) and value.operators[0].text in ("!", "not", "defined")
    return isinstance(value, Call | CoreTest) or negation


def fix(statement: Return) -> Fix | None:
    value = plain(statement.value)
    if number(value) != 0 or not written(value):
        return None
    return Fix("return false", (replace(value.place, "-1"),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
