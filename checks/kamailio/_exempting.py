"""Changes that take somebody out of a condition that was not made for him."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from cfglint.edits import Edit, Fix, delete, replace
from cfglint.knowledge.kamailio_effects import BY_ADDRESS, BY_TRUST
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import literal
from cfglint.model.kamailio.editing import remove_statement, written
from cfglint.numerals import decimal
from cfglint.simulate.kamailio.probes import probes
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import (
    Block,
    Branch,
    Call,
    Case,
    Expression,
    If,
    Number,
    Parenthesis,
    String,
    While,
    walk,
)

from ._remedies import TurnedAway


def registrations(turned_away: TurnedAway) -> Iterator[Fix]:
    """Registrations are left out of a list of addresses."""
    branch = turned_away.branch
    if branch is None or not any(_is_list(node) for node in walk([branch.condition])):
        return
    test = '!is_method("REGISTER")' if turned_away.kamailio.calls_of("is_method") else 'method != "REGISTER"'
    yield from _exempted(turned_away, "leave registrations to the password", test)


def dialogs(turned_away: TurnedAway) -> Iterator[Fix]:
    """Requests within a dialog are left out."""
    if turned_away.kamailio.calls_of("has_totag"):
        yield from _exempted(turned_away, "ask it of requests outside of dialogs alone", "!has_totag()")


def own_users(turned_away: TurnedAway) -> Iterator[Fix]:
    """Those who call from the server's own domains are left out: they are asked for a password."""
    yield from _exempted(turned_away, "leave the server's own users to the password", "from_uri != myself")


def listed(turned_away: TurnedAway) -> Iterator[Fix]:
    """Those whom a list holds are left out."""
    for text in dict.fromkeys(_lists(turned_away.kamailio)):
        yield from _exempted(turned_away, "let in who is listed", f"!{text}")


def grouped(turned_away: TurnedAway) -> Iterator[Fix]:
    """A group that has addresses is asked for in place of one that has none."""
    kamailio, groups = turned_away.kamailio, probes(turned_away.kamailio).groups
    for located in kamailio.calls_of(*BY_ADDRESS):
        group = located.call.arguments[0] if located.call.arguments else None
        if not isinstance(group, String | Number) or not written(group):
            continue
        asked = decimal(literal(group) or "")
        if asked is None or asked in groups:
            continue
        for other in groups:
            text = str(other) if isinstance(group, Number) else f'"{other}"'
            yield Fix(f"ask for group {other}, which has addresses", (replace(group.place, text),))


def other_lists(turned_away: TurnedAway) -> Iterator[Fix]:
    """The addresses are asked for in place of the trusted table."""
    kamailio = turned_away.kamailio
    for located in kamailio.calls_of(*BY_TRUST):
        for group in probes(kamailio).groups if written(located.call) and not located.call.arguments else ():
            text = f'allow_source_address("{group}")'
            yield Fix(f"ask for group {group}, which holds it", (replace(located.call.place, text),))


def _lists(kamailio: Kamailio) -> Iterator[str]:
    for located in kamailio.calls_of(*BY_ADDRESS, *BY_TRUST):
        if written(located.call):
            yield located.call.place.text


def _is_list(node: Any) -> bool:
    return isinstance(node, Call) and node.name in (*BY_ADDRESS, *BY_TRUST)


def _exempted(turned_away: TurnedAway, title: str, test: str) -> Iterator[Fix]:
    edits = turned_away.exempted(test)
    if edits:
        yield Fix(title, edits)


def statement_of(kamailio: Kamailio, branch: Branch | While) -> If | None:
    """The statement in a block that a branch is, where it has no other."""
    for located in (*kamailio.nodes(Block), *kamailio.nodes(Case)):
        for statement in located.node.statements:
            if isinstance(statement, If) and statement.branches == [branch] and statement.otherwise is None:
                return statement
    return None


def without(statement: If | None) -> Fix | None:
    """Take a refusal away that everybody gets."""
    if statement is None or not written(statement):
        return None
    return Fix("take away what refuses everybody", (remove_statement(statement),))


def without_alternatives(turned_away: TurnedAway) -> Iterator[Fix]:
    """One of the alternatives of the condition is taken away."""
    branch = turned_away.branch
    inner = branch.condition.inner if branch is not None and isinstance(branch.condition, Parenthesis) else None
    if not isinstance(inner, Expression) or not written(inner):
        return
    for edit in _cuts(inner, ("||", "or") if turned_away.otherwise is None else ("&&", "and")):
        yield Fix("take away what refuses it", (edit,))


def _cuts(expression: Expression, words: tuple[str, str]) -> Iterator[Edit]:
    """Each way to take one operand out of a row of them, the last one first."""
    operators = [at for at, item in enumerate(expression.items) if getattr(item, "text", "") in words]
    bounds = [-1, *operators, len(expression.items)]
    for one, other in list(itertools.pairwise(bounds))[::-1] if operators else []:
        items = expression.items
        if one >= 0:
            yield delete(Place(expression.home.source, Span(items[one - 1].end, items[other - 1].end)))
        else:
            yield delete(Place(expression.home.source, Span(items[0].start, items[other + 1].start)))
