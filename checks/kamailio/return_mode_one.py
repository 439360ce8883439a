"""return_mode=1 turns conditions round that were written for the usual mode.

Why it matters: with return_mode other than 0 a function's own code stands in an expression, and every code but 0 is
true (core/action.c, IF_T). is_method() that returns -1 is true, and !auth_check() with -2 is false: the branch for a
wrong password is skipped, and everybody is let in. What is compared, f() > 0, is not concerned.

Log: Nothing.

Fix: take return_mode away, or compare the result of every function that is used as a condition. Unsafe:
what does compare may have been written for that mode.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import remove_item, written
from cfglint.syntax.kamailio.items import Parameter
from cfglint.syntax.kamailio.nodes import Call

from ._return_mode import return_mode

EXAMPLES = [
    Example(
        bad='return_mode=«1»\nrequest_route {\n    if (!allow_source_address("1")) exit;\n}\n',
        good='return_mode=1\nrequest_route {\n    if (allow_source_address("1") < 0) exit;\n}\n',
        fixed='request_route {\n    if (!allow_source_address("1")) exit;\n}\n',
    ),
]
SHOWN = 5
"""So many of the conditions are named."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    line = return_mode(kamailio)
    if line is None:
        return
    calls = [t.node for condition in kamailio.conditions for t in condition.terms if isinstance(t.node, Call)]
    if calls:
        more = f" (and {len(calls) - SHOWN} more)" if len(calls) > SHOWN else ""
        notes = tuple(Note(call.place, f"true unless {call.name}() returns 0{more}") for call in calls[:SHOWN])
        message = "a function that fails returns less than 0, and that is true in this mode"
        yield Defect(line.value.place, message, notes, line)


def fix(line: Parameter) -> Fix | None:
    return Fix("go back to the usual mode", (remove_item(line),)) if written(line) else None


CHECK = Check(find, level="warning", category="security", fix=fix)
