"""Conditions of a routing script, taken apart: what they test, and what is compared with what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.model.kamailio.script import Located, constant, inside
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.items import Route
from cfglint.syntax.kamailio.nodes import Branch, CoreTest, Number, Prefixed, String, Variable, While
from cfglint.syntax.kamailio.precedence import Operation, ordered
from cfglint.syntax.kamailio.pv import BadVariable, PseudoVariable, parse_variable

EQUAL = ("==", "eq", "ieq")
DIFFERENT = ("!=", "ne", "ine")
COMPARISONS = (*EQUAL, *DIFFERENT, "<", ">", "<=", ">=", "=~")


class Term(NamedTuple):
    """What a condition tests, with ``&&``, ``||``, ``!`` and parentheses taken away."""

    node: Any
    negated: bool


class Condition(NamedTuple):
    """What an ``if`` or ``while`` asks for; `node` is the branch of the one, or the other as a whole."""

    node: Branch | While
    terms: list[Term]
    route: Route

    @property
    def only(self) -> Term | None:
        """What it asks for, when that is one thing."""
        return self.terms[0] if len(self.terms) == 1 else None


class Comparison(NamedTuple):
    """Two operands and what stands between them; `node` is the whole."""

    node: Any
    left: Any
    operator: str
    right: Any


def terms(condition: Any) -> Iterator[Term]:
    """The terms of a condition, in order."""
    waiting = [Term(condition, False)]
    while waiting:
        node, negated = waiting.pop()
        node = plain(node)
        if isinstance(node, Prefixed) and all(operator.text in ("!", "not") for operator in node.operators):
            waiting.append(Term(node.operand, negated ^ (len(node.operators) % 2 == 1)))
        elif isinstance(node, Operation) and node.operator in ("&&", "||"):
            waiting += (Term(operand, negated) for operand in reversed(node.operands))
        else:
            yield Term(node, negated)


def plain(node: Any) -> Any:
    """An expression without the parentheses around it, its operators in the order in which they are evaluated."""
    return ordered(inside(node))


def comparison(node: Any) -> Comparison | None:
    """The comparison that an expression is: two operands, or one of the language's own tests."""
    node = plain(node)
    if isinstance(node, CoreTest):
        return _test(node)
    if isinstance(node, Operation) and node.operator in COMPARISONS:
        left, right = node.operands
        return Comparison(node, plain(left), node.operator, plain(right))
    return None


def _test(node: CoreTest) -> Comparison:
    return Comparison(node, node.word, node.operator.text, node.value)


def operations(expression: Any) -> Iterator[Operation]:
    """The operations of an expression, each before those that its operands are."""
    waiting = [ordered(expression)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Operation):
            yield node
            waiting += reversed(node.operands)


def comparisons(expressions: list[Located], tests: list[Located]) -> Iterator[tuple[Comparison, Route]]:
    """All comparisons in expressions and in the language's own tests, and the routes they stand in."""
    operands: set[CoreTest] = set()
    for located in expressions:
        waiting = [ordered(located.node)]
        while waiting:
            node = waiting.pop()
            found = comparison(node) if isinstance(node, Operation | CoreTest) else None
            if found is not None:
                yield found, located.route
            if isinstance(node, Operation):
                waiting += reversed(node.operands)
        operands.update(part for part in located.node.items if isinstance(part, CoreTest))
    for located in tests:
        if located.node not in operands:
            yield _test(located.node), located.route


def pseudo_variable(node: Any) -> PseudoVariable | None:
    """The pseudo-variable that an operand is."""
    if not isinstance(node, Variable):
        return None
    found = parse_variable(node.text)
    return None if isinstance(found, BadVariable) else found


def number(node: Any) -> int | None:
    """The number that an operand always is."""
    node = inside(node)
    if isinstance(node, Prefixed) and [operator.text for operator in node.operators] == ["-"]:
        value = number(node.operand)
        return None if value is None else -value
    return node.value if isinstance(node, Number) else None


def literal(node: Any) -> str | None:
    """The text of a string without pseudo-variables, as a function's argument."""
    node = inside(node)
    if isinstance(node, String) and "$" in node.value:
        return None
    return constant(node)
