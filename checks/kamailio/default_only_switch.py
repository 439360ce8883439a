"""A switch has no case, only a default.

Why it matters: when the server starts it makes a table of the cases (core/switch.c:fix_switch). With a default alone
there is nothing to put into it, which it takes for a fault of its own unless the subject is a constant, and it does not
start. `kamailio -c` does not get that far.

Client sees: as the server does not start: any request -> no answer

Log:
    default only switch with side-effect not expected at this point

Verdict: spurious, for every phone there is: the server does not start.

Does not help: `kamailio -c`: it finds nothing wrong.

Fix: write the statements of the default without the switch, or the case that is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import AttributeValue, Block, Call, CoreTest, Switch, walk
from cfglint.syntax.kamailio.tokens import Select, Variable

EXAMPLES = [
    Example(
        bad='request_route {\n    switch ($rc) {\n        «default»: xlog("no\\n");\n    }\n}\n',
        good='request_route {\n    switch ($rc) {\n        case 1: xlog("yes\\n"); break;\n'
        '        default: xlog("no\\n");\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    switch (is_method("INVITE")) {\n        «default»: exit;\n    }\n}\n',
        good="request_route {\n    switch (1) {\n        default: exit;\n    }\n}\n",
    ),
]


KNOWN_LATER = (AttributeValue, Block, Call, CoreTest, Select, Variable)
"""What has its value only when the script runs."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Switch):
        cases = located.node.cases
        if len(cases) == 1 and cases[0].label is None and not _is_constant(located.node.subject):
            yield Defect(cases[0].word.place, "a switch with nothing but a default: the server does not start")


def _is_constant(subject: Any) -> bool:
    return not any(isinstance(node, KNOWN_LATER) for node in walk([subject]))


CHECK = Check(find, level="error", category="load")
