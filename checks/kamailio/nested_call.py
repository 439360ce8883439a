"""A function is called in the arguments of another one.

Why it matters: core/cfg.y reads the arguments of one function at a time; it gives up at a call inside of them, and the
server does not start.

Client sees: as the server does not start: any request -> no answer

Log:
    use of function execution inside params not allowed
    function used inside params of another function: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: assign the inner function's result to a variable first: $var(x) = f(); g($var(x));
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import Call, Node, walk

EXAMPLES = [
    Example(
        bad='loadmodule "xlog.so"\nloadmodule "textops.so"\nrequest_route {\n'
        '    xlog("L_INFO", «is_method("INVITE")»);\n}\n',
        good='loadmodule "xlog.so"\nloadmodule "textops.so"\nloadmodule "pv.so"\nrequest_route {\n'
        '    $var(x) = is_method("INVITE");\n    xlog("L_INFO", "$var(x)\\n");\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.calls:
        arguments = [argument for argument in located.call.arguments if isinstance(argument, Node)]
        if located.call.is_command or not arguments:
            continue
        for node in walk(arguments):
            if isinstance(node, Call) and not node.is_command:
                yield Defect(node.place, f"'{node.name}' cannot be called in the arguments of '{located.call.name}'")


CHECK = Check(find, level="error", category="load")
