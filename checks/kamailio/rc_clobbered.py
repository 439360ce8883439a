"""$rc is read behind a line that has overwritten it.

Why it matters: every call of a module's function sets the return code (core/action.c:MODF_HANDLE_RETCODE), those that
only log, too, and they return 1. $rc, $retcode and $? behind xlog() are 1, whatever the function above it has returned:
the branch for a wrong password, say, is never taken. Assignments and the core's own commands leave it alone.

Log: Nothing.

Does not help: another number in the comparison.

Fix: keep it, `$var(rc) = $rc;`, before anything else is called. Unsafe: a branch comes to life that never did.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.kamailio_effects import LOGGING
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import put_before, written
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Assignment, Call, If, Statement, Switch, Variable, walk

from ._replies import sequences

EXAMPLES = [
    Example(
        bad='request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n        xlog("failed for $fU\\n");\n'
        "        if («$rc» == -2) exit;\n    }\n}\n",
        good='request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n        $var(rc) = $rc;\n'
        '        xlog("failed for $fU\\n");\n        if ($var(rc) == -2) exit;\n    }\n}\n',
        fixed='request_route {\n    if (!auth_check("$fd", "subscriber", "1")) {\n        $var(rc) = $rc;\n'
        '        xlog("failed for $fU\\n");\n        if ($var(rc) == -2) exit;\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    save("location");\n    xlog("saved");\n    xlog("it");\n    $var(x) = 1;\n'
        "    switch («$retcode») {\n        case 1: exit;\n    }\n}\n",
        good='request_route {\n    xlog("saving");\n    save("location");\n    force_rport();\n'
        "    switch ($retcode) {\n        case 1: exit;\n    }\n}\n",
        fixed='request_route {\n    save("location");\n    $var(rc) = $retcode;\n    xlog("saved");\n    xlog("it");\n'
        "    $var(x) = 1;\n    switch ($var(rc)) {\n        case 1: exit;\n    }\n}\n",
    ),
]


class Overwritten(NamedTuple):
    """Statements that only log, and what reads $rc behind them."""

    first: Call
    reads: list[Variable]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for statements in sequences(kamailio) if kamailio.whole else ():
        for found in _overwritten(statements):
            note = Note(found.first.place, f"{found.first.name}() sets it to 1")
            message = f"{found.reads[0].text} is not what the function above has returned"
            yield Defect(found.reads[0].place, message, (note,), found)


def _overwritten(statements: list[Statement]) -> Iterator[Overwritten]:
    first: Call | None = None
    reads: list[Variable] = []
    for statement in statements:
        if isinstance(statement, Call) and statement.name in LOGGING and not reads:
            first = first or statement
            continue
        if first is None:
            continue
        tested = _tested(statement)
        reads += (part for part in tested if isinstance(part, Variable) and part.text in ("$rc", "$retcode", "$?"))
        # A branch may do anything; what is behind it is not told.
        if _may_call(statement, tested):
            if reads:
                yield Overwritten(first, reads)
            first, reads = None, []
    if first is not None and reads:
        yield Overwritten(first, reads)


def _tested(statement: Statement) -> list[object]:
    """What is evaluated as soon as it is a statement's turn."""
    if isinstance(statement, If):
        return list(walk(branch.condition for branch in statement.branches))
    if isinstance(statement, Switch):
        return list(walk([statement.subject]))
    return list(walk([statement])) if isinstance(statement, Assignment | Call) else []


def _may_call(statement: Statement, tested: list[object]) -> bool:
    if isinstance(statement, Assignment | Call):
        return any(isinstance(part, Call) and (not part.is_command or part.name == "route") for part in tested)
    return True


def fix(found: Overwritten) -> Fix | None:
    if not written(found.first, *found.reads):
        return None
    keep = put_before(found.first, f"$var(rc) = {found.reads[0].text};")
    return Fix("keep the return code", (keep, *(replace(read.place, "$var(rc)") for read in found.reads)))


CHECK = Check(find, level="warning", category="answer", fix=fix)
