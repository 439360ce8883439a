"""Final replies, and branches that refuse a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.knowledge.kamailio_effects import CHALLENGES, LOGGING, REPLIES
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Condition, literal
from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.syntax.kamailio.items import Route
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


def performed(kamailio: Kamailio, body: Statement) -> Iterator[Statement]:
    """What a branch does; of a route that it calls, the statements of that route."""
    seen: set[Route] = set()
    waiting = statements(body)[::-1]
    while waiting:
        statement = waiting.pop()
        routes = kamailio.graph.routes_of(statement) if isinstance(statement, Call) else []
        if len(routes) == 1 and routes[0] not in seen:
            seen.add(routes[0])
            waiting += list(_until_return(routes[0].block))[::-1]
        else:
            yield statement


def _until_return(body: Block) -> Iterator[Statement]:
    """What a route does before it goes back."""
    for statement in body.statements:
        if isinstance(statement, Return) and statement.word.text == "return":
            return
        yield statement


def refusal(kamailio: Kamailio, body: Statement) -> Call | None:
    """The reply of 400 or above that a branch always sends, when it does nothing before but to log and to assign."""
    for statement in performed(kamailio, body):
        if isinstance(statement, Call):
            code = reply_code(statement)
            if code is not None:
                return statement if code >= 400 else None
            if statement.name not in LOGGING and not statement.is_command:
                return None
        elif not isinstance(statement, Assignment):
            return None
    return None


def challenge(kamailio: Kamailio, body: Statement) -> Call | None:
    """The challenge that a branch always sends, when it does nothing before but to log and to assign."""
    for statement in performed(kamailio, body):
        if isinstance(statement, Call) and statement.name in CHALLENGES:
            return statement
        if not isinstance(statement, Assignment) and not (isinstance(statement, Call) and statement.name in LOGGING):
            return None
    return None


def silence(kamailio: Kamailio, body: Statement) -> Return | None:
    """The ``exit`` or ``drop`` with which a branch ends the script, when it does nothing before but to log."""
    *before, last = list(performed(kamailio, body)) or [body]
    quiet = all(isinstance(statement, Call) and statement.name in LOGGING for statement in before)
    ends = isinstance(last, Return) and last.word.text in ("exit", "drop")
    return last if quiet and ends and isinstance(last, Return) else None


class Refusing(NamedTuple):
    """A condition on which a request is refused, with what refuses it: where it holds, or where it does not."""

    condition: Condition
    reply: Call | Return
    holds: bool


def refusing(kamailio: Kamailio) -> Iterator[Refusing]:
    """The conditions of branches, and of an ``else``, that refuse a request or end the script."""
    chains = (located.node for located in kamailio.nodes(If))
    otherwise = {chain.branches[-1]: chain.otherwise for chain in chains if chain.otherwise is not None}
    for condition in kamailio.conditions:
        node = condition.node
        other = otherwise.get(node) if isinstance(node, Branch) else None
        for body, holds in ((node.body, True), (other, False)):
            reply = (refusal(kamailio, body) or silence(kamailio, body)) if body is not None else None
            if reply is not None:
                yield Refusing(condition, reply, holds)


def ends(statement: Statement) -> bool:
    """Does nothing that stands behind a statement, in its own row, come to its turn?"""
    while isinstance(statement, Block) and statement.statements:
        statement = statement.statements[-1]
    if isinstance(statement, If) and statement.otherwise is not None:
        return all(ends(body) for body in (*(branch.body for branch in statement.branches), statement.otherwise))
    return isinstance(statement, Return)
