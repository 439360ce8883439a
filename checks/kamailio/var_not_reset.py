"""A variable still has the value of an earlier request.

Why it matters: a $var belongs to the process, not to the request, and keeps its value (pv/pv_svar.c). One that is only
ever set behind a condition is still set for the next request that the same process gets: somebody is refused, or let
in, for what somebody else did. With several processes that comes and goes.

Client sees: now and then, where the branch refuses: REGISTER -> 403

Log: Nothing.

Verdict: spurious. It is meant for somebody else.

Does not help: typing the password again: the next attempt meets another process, and so may help by chance.

Fix: set it before the condition. Unsafe: the branch will be taken less often.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import put_before, written

from ._texts import compared_text
from ._variables import Asked, set_by_some

EXAMPLES = [
    Example(
        bad="request_route {\n    if (from_uri != myself) $var(deny) = 1;\n    if («$var(deny)» == 1) exit;\n}\n",
        good="request_route {\n    $var(deny) = 0;\n    if (from_uri != myself) $var(deny) = 1;\n"
        "    if ($var(deny) == 1) exit;\n}\n",
        fixed="request_route {\n    $var(deny) = 0;\n    if (from_uri != myself) $var(deny) = 1;\n"
        "    if ($var(deny) == 1) exit;\n}\n",
    ),
    Example(
        bad="route[A] {\n    switch ($rU) {\n        case 1: $var(x) = 5;\n    }\n    if («$var(x)») drop;\n}\n",
        good="route[A] {\n    if ($rU == 1) { $var(x) = 5; } else $var(x) = 0;\n    if ($var(x)) drop;\n"
        "    if ($rU == 2) $var(y) = 1;\n    if ($rU == 3 && $var(y) == 1) exit;\n}\n",
        fixed="route[A] {\n    $var(x) = 0;\n    switch ($rU) {\n        case 1: $var(x) = 5;\n    }\n"
        "    if ($var(x)) drop;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    texts = compared_text(kamailio)
    for asked in set_by_some(kamailio):
        if asked.variable not in texts:
            message = f"{asked.variable.text} may still be what an earlier request has made of it"
            note = Note(asked.setting.place, "only some requests set it")
            yield Defect(asked.variable.place, message, (note,), asked)


def fix(asked: Asked) -> Fix | None:
    if not written(asked.statement, asked.variable):
        return None
    return Fix("begin with 0", (put_before(asked.statement, f"{asked.variable.text} = 0;"),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
