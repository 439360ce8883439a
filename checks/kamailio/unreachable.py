"""Statements stand behind the end of their route.

Why it matters: behind exit, drop, return and break nothing of the same block is done (core/action.c:run_actions). A
reply or a challenge that stands there is never sent; no message says so.

Log: Nothing.

Fix: take them away, or put them in front.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import Return, Statement

from ._replies import ends, sequences

EXAMPLES = [
    Example(
        bad='request_route {\n    exit;\n    «send_reply("200", "OK")»;\n}\n',
        good='request_route {\n    send_reply("200", "OK");\n    exit;\n    break;\n}\n',
    ),
    Example(
        bad="request_route {\n    if ($rU == 1) { exit; } else drop;\n    «$rU = 2»;\n}\n",
        good="#!define A\nrequest_route {\n    if ($rU == 1) { exit; } else if ($rU == 2) drop;\n    $rU = 2;\n"
        "#!ifdef A\n    exit;\n#!endif\n    $rU = 3;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole:  # an error may have joined what does not belong together
        return
    for statements in sequences(kamailio):
        for statement, following in pairwise(statements):
            if (
                ends(statement)
                and not isinstance(following, Return)
                and not _is_optional(kamailio, statement, following)
            ):
                yield Defect(following.place, "this is never reached", (Note(statement.place, "it ends here"),))
                break


def _is_optional(kamailio: Kamailio, statement: Statement, following: Statement) -> bool:
    """Is there an #!endif between two statements? Then the end belongs to one way of building the configuration."""
    return any(
        region.kind == "directive"
        and region.home.source is following.home.source
        and statement.end <= region.start < following.start
        for region in kamailio.config.regions
    )


CHECK = Check(find, level="info", category="style")
