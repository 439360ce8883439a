"""Statements stand behind the end of their route.

Why it matters: behind exit, drop, return and break nothing of the same block is done (core/action.c:run_actions). A
reply or a challenge that stands there is never sent; no message says so.

Fix: take them away, or put them in front.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import Return

from ._replies import ends, sequences

EXAMPLES = [
    Example(
        bad='request_route {\n    exit;\n    «send_reply("200", "OK")»;\n}\n',
        good='request_route {\n    send_reply("200", "OK");\n    exit;\n    break;\n}\n',
    ),
    Example(
        bad="request_route {\n    if ($rU == 1) { exit; } else drop;\n    «$rU = 2»;\n}\n",
        good="request_route {\n    if ($rU == 1) { exit; } else if ($rU == 2) drop;\n    $rU = 2;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for statements in sequences(kamailio):
        for statement, following in pairwise(statements):
            if ends(statement) and not isinstance(following, Return):
                yield Defect(following.place, "this is never reached", (Note(statement.place, "it ends here"),))
                break


CHECK = Check(find, level="info", category="style")
