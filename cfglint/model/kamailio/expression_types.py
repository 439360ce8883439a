"""What the parser knows of the types in an expression, and refuses (core/rvalue.c:rve_check_type).

Constants, calls and most operators have a type; pseudo-variables have none before a request is there. A text is only
refused where a number is needed, or compared with, and the other way round: what is known at run time is converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.model.kamailio.script import inside
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Assignment, Block, Call, CoreTest, Expression, Function, Prefixed
from cfglint.syntax.kamailio.precedence import Operation, ordered
from cfglint.syntax.kamailio.tokens import Number, String, Variable

NUMBER, TEXT = "number", "text"

_EQUALITY = ("==", "!=", "eq", "ne")


class Mismatch(NamedTuple):
    """An operand of another type than its operator, or a function of the language, takes; `other` is what it is
    compared with, where that decides."""

    operand: Any
    operator: str
    wanted: str
    other: Any = None


def type_of(node: Any) -> str | None:
    """`NUMBER`, `TEXT`, or None for what is only known at run time."""
    node = ordered(inside(node))
    if isinstance(node, Operation):
        # Only plus joins texts, too: its first operand decides.
        return type_of(node.operands[0]) if node.operator == "+" else NUMBER
    if isinstance(node, String):
        return TEXT
    if isinstance(node, Prefixed):
        return TEXT if node.operators[0].text == "(str)" else NUMBER
    if isinstance(node, Function):
        return None if node.word.text == "selval" else NUMBER
    return NUMBER if isinstance(node, Number | Call | CoreTest | Assignment | Block) else None


def mismatches(node: Expression | Prefixed | Function) -> Iterator[Mismatch]:
    """What the parser refuses in the operators of an expression; ask again for those inside of its operands."""
    if isinstance(node, Function):
        if node.word.text != "selval":
            yield from (Mismatch(a, node.word.text, TEXT) for a in node.arguments if type_of(a) == NUMBER)
    elif isinstance(node, Prefixed):
        yield from _prefixed(node)
    else:
        waiting = [ordered(node)]
        while waiting:
            found = waiting.pop()
            if isinstance(found, CoreTest):
                waiting.append(found.value)
            elif isinstance(found, Operation):
                yield from _operation(found)
                waiting += found.operands


def _prefixed(node: Prefixed) -> Iterator[Mismatch]:
    kind = type_of(node.operand)
    for operator in reversed(node.operators):
        if operator.text in ("!", "not", "-", "~") and kind == TEXT:
            yield Mismatch(node.operand, operator.text, NUMBER)
        kind = TEXT if operator.text == "(str)" else NUMBER


def _operation(node: Operation) -> Iterator[Mismatch]:
    operator, first, others = node.operator, node.operands[0], node.operands[1:]
    kind = type_of(first)
    if operator == "+":
        if kind == NUMBER:
            yield from (Mismatch(other, operator, NUMBER) for other in others if type_of(other) == TEXT)
    elif operator == "=~":
        if kind == NUMBER:
            yield Mismatch(first, operator, TEXT)
    elif operator in _EQUALITY:
        if kind == NUMBER and type_of(others[0]) == TEXT:
            yield Mismatch(others[0], operator, NUMBER, first)
        elif kind == NUMBER and isinstance(others[0], Variable) and others[0].text == "$null":
            yield Mismatch(first, operator, TEXT, others[0])
    else:
        yield from (Mismatch(operand, operator, NUMBER) for operand in node.operands if type_of(operand) == TEXT)
