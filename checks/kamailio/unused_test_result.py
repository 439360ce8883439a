"""The result of a test is thrown away.

Why it matters: a function that only tests something does nothing when it stands alone; its result only goes to $rc. As
the last thing that a route does it becomes what the route returns (core/action.c:run_actions): the caller that asks
`if (!route(X))` takes the wrong branch.

Log: Nothing.

Fix: put it into a condition, or take it away. Unsafe: what the route returns may change.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import remove_statement, written
from cfglint.syntax.kamailio.nodes import Call, Statement, Variable, walk

from ._replies import sequences

EXAMPLES = [
    Example(
        bad="route[A] {\n    if ($rU == 1) «has_totag()»;\n    exit;\n}\n",
        good="route[A] {\n    if ($rU == 1 && has_totag()) exit;\n}\n",
    ),
    Example(
        bad='route[A] {\n    if ($si == "1") {\n        xlog("known");\n        «is_method("MESSAGE")»;\n    }\n}\n',
        good='route[A] {\n    if (is_method("MESSAGE")) exit;\n    is_method("INVITE");\n    if ($rc < 0) exit;\n'
        "    has_totag();\n}\n",
        fixed='route[A] {\n    if ($si == "1") {\n        xlog("known");\n    }\n}\n',
    ),
]

_TESTS = frozenset(
    "is_method has_totag has_credentials is_present_hf is_from_local is_uri_host_local is_first_hop is_ip is_ip4 is_ip6"
    " is_pure_ip is_ip_rfc1918 is_in_subnet is_request is_reply is_user is_uri_user_e164 is_e164 is_numeric is_alphanum"
    " has_body is_maxfwd_lt is_direction is_known_dlg t_is_set t_is_failure_route t_is_branch_route t_is_canceled"
    " starts_with is_audio_on_hold is_privacy is_domain_local is_myself is_user_in".split()
)


def find(kamailio: Kamailio) -> Iterator[Defect]:
    results = {route.block.statements[-1] for route in kamailio.routes if route.block.statements}
    for row in sequences(kamailio) if kamailio.whole else ():
        for at, statement in enumerate(row):
            tests = isinstance(statement, Call) and statement.name in _TESTS and statement not in results
            if tests and not _asks_for_code(row[at + 1 : at + 2]):
                message = "this only tests something, and nobody asks for its result"
                yield Defect(statement.place, message, subject=statement if len(row) > 1 else None)


def _asks_for_code(following: list[Statement]) -> bool:
    """Does the next statement ask for the return code?"""
    return any(isinstance(part, Variable) and part.text in ("$rc", "$retcode", "$?") for part in walk(following))


def fix(statement: Call) -> Fix | None:
    return Fix("take it away", (remove_statement(statement),)) if written(statement) else None


CHECK = Check(find, level="warning", category="answer", fix=fix)
