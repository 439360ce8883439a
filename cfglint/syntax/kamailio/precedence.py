"""The order in which an expression is evaluated, rebuilt from the flat list that the parser makes (core/cfg.y, %left).

From loose to tight: ``||``, ``&&``, ``|``, ``&``, ``^``, ``<<``, ``>>``, equality and ``=~``, ``<`` and its like,
``+ -``, ``* / mod``, and then the operators in front of an operand. Shifts bind less than comparisons, unlike in C.
"""

from __future__ import annotations

from typing import Any

from cfglint.syntax.kamailio.nodes import CoreTest, Expression, Node, Prefixed
from cfglint.syntax.kamailio.tokens import Token

_CANONICAL = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!="}
_LEVELS: dict[str, int] = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("|",), 3),
    **dict.fromkeys(("&",), 4),
    **dict.fromkeys(("^",), 5),
    **dict.fromkeys(("<<",), 6),
    **dict.fromkeys((">>",), 7),
    **dict.fromkeys(("==", "!=", "=~", "ieq", "ine"), 8),
    **dict.fromkeys(("<", ">", "<=", ">="), 9),
    **dict.fromkeys(("+", "-"), 10),
    **dict.fromkeys(("*", "/", "mod"), 11),
}
_EQUALITY, _COMPARISON = 8, 9
_FLAT = ("||", "&&", "+")


class Operation(Node):
    """An operator and its operands, left to right: two, or more for a chain of ``||``, ``&&`` or ``+``."""

    __slots__ = ("operands", "operator", "token")

    def __init__(self, token: Token, operands: list[Any]) -> None:
        super().__init__(operands)
        self.token = token
        """The (first) operator as it is written."""
        self.operator = canonical(token)
        self.operands = operands


def canonical(token: Token) -> str:
    """An operator's usual spelling: ``&&`` for ``and``; ``eq`` and ``ne`` compare strings, and are left as they are."""
    return token.text if token.text in ("eq", "ne") else _CANONICAL.get(token.text, token.text)


def ordered(node: Any) -> Any:
    """The node itself, or what its operators make of it: an `Operation` whose operands may be such again. Parentheses,
    calls and prefixed operands stay as they are; ask again for what is inside of them."""
    if not isinstance(node, Expression):
        return node
    if node.order is None:
        node.order, at = _climb(node.items, 0, 0)
        assert at == len(node.items)
    return node.order


def _level(token: Token) -> int:
    return _LEVELS[_CANONICAL.get(token.text, token.text)]


def _climb(items: list[Any], at: int, lowest: int) -> tuple[Any, int]:
    """The operation that begins at an operand, as far as its operators bind tighter than `lowest`."""
    left, at = _operand(items, at)
    while at < len(items) and _level(items[at]) > lowest:
        operator = items[at]
        right, at = _climb(items, at + 1, _level(operator))
        name = canonical(operator)
        if isinstance(left, Operation) and left.operator == name and name in _FLAT:
            left = Operation(left.token, [*left.operands, right])
        else:
            left = Operation(operator, [left, right])
    return left, at


def _operand(items: list[Any], at: int) -> tuple[Any, int]:
    """An operand; an old test takes in what binds tighter than its own operator: ``method == "A" + $x``."""
    item = items[at]
    test = item.operand if isinstance(item, Prefixed) else item
    if not isinstance(test, CoreTest) or at + 1 >= len(items):
        return item, at + 1
    level = _COMPARISON if test.operator.type == "COMPARISON" else _EQUALITY
    if _level(items[at + 1]) <= level:
        return item, at + 1
    value, after = _climb([test.value, *items[at + 1 :]], 0, level)
    wider = CoreTest([test.word, test.operator, value])
    return (item.on(wider) if isinstance(item, Prefixed) else wider), at + after
