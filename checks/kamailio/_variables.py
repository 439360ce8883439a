"""Variables of a script: where they are set, and where they are asked for before that.

A $var belongs to a process: it is 0 when the server starts, and keeps its value from one request to the next
(pv/pv_svar.c).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.knowledge.kamailio_effects import LOGGING
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison, pseudo_variable, terms
from cfglint.model.kamailio.script import Located
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Assignment, If, Statement, String, Variable, walk

from ._replies import ends, sequences, statements


class Asked(NamedTuple):
    """A variable in a condition, in front of which only some requests set it; `setting` is where."""

    variable: Variable
    setting: Assignment
    statement: Statement
    """The statement in which it may be set."""


def assignments(kamailio: Kamailio) -> dict[str, list[Located]]:
    """The assignments by what is assigned to, as it is written."""
    found: dict[str, list[Located]] = {}
    for located in kamailio.nodes(Assignment):
        if isinstance(located.node.target, Variable):
            found.setdefault(located.node.target.text, []).append(located)
    return found


def mentioned(kamailio: Kamailio) -> str:
    """All strings that a module gets, but those that are logged: a module may set what they name."""
    logged = {part for name in LOGGING for located in kamailio.calls_of(name) for part in located.call.arguments}
    texts = [located.node.text for located in kamailio.nodes(String) if located.node not in logged]
    texts += [setting.text for setting in kamailio.settings if setting.text is not None]
    return "\n".join(texts)


def set_by_some(kamailio: Kamailio) -> Iterator[Asked]:
    """The variables that are asked for behind statements that only set them for some requests, and that are never set
    for all."""
    known = assignments(kamailio)
    plainly = {statement for route in kamailio.routes for statement in route.block.statements}
    partly = {
        name: found
        for name, found in known.items()
        if name.startswith("$var(") and plainly.isdisjoint(located.node for located in found)
    }
    names = mentioned(kamailio) if partly else ""
    partly = {name: found for name, found in partly.items() if name not in names}
    for row in sequences(kamailio) if partly else ():
        for at, statement in enumerate(row):
            for variable in _asked(statement):
                somewhere = partly.get(variable.text)
                if somewhere and not any(_is_before(located, row[0]) for located in somewhere):
                    yield from _set_before(row[:at], variable)


def _is_before(assignment: Located, statement: Statement) -> bool:
    """Does an assignment stand in front of a statement in the same route, perhaps around it?"""
    route = assignment.route
    within = route.home.source is statement.home.source and route.start <= statement.start < route.end
    return within and assignment.node.home.source is statement.home.source and assignment.node.start < statement.start


def _asked(statement: Statement) -> list[Variable]:
    """The variables that an ``if`` asks for first, when it asks for nothing else, and does not set them back."""
    if not isinstance(statement, If):
        return []
    reset = {_target(part) for part in statements(statement.branches[0].body)}
    found = [_variable(term.node) for term in terms(statement.branches[0].condition)]
    return (
        [] if None in found else [variable for variable in found if variable is not None and variable.text not in reset]
    )


def _variable(test: Any) -> Variable | None:
    """The variable that a test is about."""
    compared = comparison(test)
    operand = test if compared is None else compared.left
    variable = pseudo_variable(operand)
    return operand if variable is not None and variable.name == "var" and isinstance(operand, Variable) else None


def _set_before(row: list[Statement], variable: Variable) -> Iterator[Asked]:
    """The first statement of a row that sets a variable for some requests, if none sets it for all."""
    if any(_sets(statement, variable.text) for statement in row):
        return
    for statement in row:
        inside = [part for part in walk([statement]) if isinstance(part, Assignment)]
        setting = next((part for part in inside if _target(part) == variable.text), None)
        if setting is not None:
            yield Asked(variable, setting, statement)
            return


def _sets(statement: Statement, name: str) -> bool:
    """Is a variable set by all requests that go on behind a statement?"""
    if isinstance(statement, If):
        bodies = [branch.body for branch in statement.branches]
        complete = statement.otherwise is not None
        return complete and all(_sets(body, name) for body in (*bodies, statement.otherwise) if body is not None)
    row = statements(statement)
    return any(_target(part) == name or (isinstance(part, If) and _sets(part, name)) for part in row) or (
        bool(row) and ends(row[-1])
    )


def _target(statement: Any) -> str | None:
    return (
        statement.target.text if isinstance(statement, Assignment) and isinstance(statement.target, Variable) else None
    )
