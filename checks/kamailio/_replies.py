"""Final replies, and branches that refuse a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.knowledge.kamailio_effects import CHALLENGES, LOGGING, REPLIES
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.nodes import Assignment, Block, Branch, Call, Case, If, Return, Statement, While


def statements(body: Statement) -> list[Statement]:
    """What a branch does: the statements of its block, or the only one."""
    return body.statements if isinstance(body, Block) else [body]


def sequences(kamailio: Kamailio) -> Iterator[list[Statement]]:
    """All rows of statements that are done one after the other, of only one where there are no braces."""
    for located in (*kamailio.nodes(Block), *kamailio.nodes(Case)):
        yield located.node.statements
    bodies = [located.node.body for located in (*kamailio.nodes(Branch), *kamailio.nodes(While))]
    bodies += [located.node.otherwise for located in kamailio.nodes(If)]
    yield from ([body] for body in bodies if body is not None and not isinstance(body, Block))


def reply_code(statement: Any) -> int | None:
    """The status that a statement replies with, where it is written there."""
    if not isinstance(statement, Call) or statement.name not in REPLIES or not statement.arguments:
        return None
    code = literal(statement.arguments[0])
    return decimal(code) if code is not None else None


def refusal(body: Statement) -> Call | None:
    """The reply of 400 or above that a branch always sends, when it does nothing before but to log and to assign."""
    for statement in statements(body):
        if isinstance(statement, Call):
            code = reply_code(statement)
            if code is not None:
                return statement if code >= 400 else None
            if statement.name not in LOGGING and not statement.is_command:
                return None
        elif not isinstance(statement, Assignment):
            return None
    return None


def challenge(body: Statement) -> Call | None:
    """The challenge that a branch always sends, when it does nothing before but to log and to assign."""
    for statement in statements(body):
        if isinstance(statement, Call) and statement.name in CHALLENGES:
            return statement
        if not isinstance(statement, Assignment) and not (isinstance(statement, Call) and statement.name in LOGGING):
            return None
    return None


def silence(body: Statement) -> Return | None:
    """The ``exit`` or ``drop`` with which a branch ends the script, when it does nothing before but to log."""
    *before, last = statements(body) or [body]
    quiet = all(isinstance(statement, Call) and statement.name in LOGGING for statement in before)
    ends = isinstance(last, Return) and last.word.text in ("exit", "drop")
    return last if quiet and ends and isinstance(last, Return) else None


def ends(statement: Statement) -> bool:
    """Does nothing that stands behind a statement, in its own row, come to its turn?"""
    while isinstance(statement, Block) and statement.statements:
        statement = statement.statements[-1]
    if isinstance(statement, If) and statement.otherwise is not None:
        return all(ends(body) for body in (*(branch.body for branch in statement.branches), statement.otherwise))
    return isinstance(statement, Return)
