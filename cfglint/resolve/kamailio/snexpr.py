"""The expressions of ``#!ifexp`` and ``#!defexp`` (core/utils/snexpr.h): numbers, strings and defined names.

A name that is not defined is 0, one without a value is 1, any other is a string. An operator takes the type of its left
operand over for its right one where it can; where it cannot, the whole expression fails, and counts as false.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

Value = float | str

MAX_DEPTH = 100
"""Nesting of parentheses and operators that is still followed."""


class BadExpressionError(Exception):
    """An expression that the server cannot evaluate: what is wrong with it."""


_PATTERN = (
    r"\s*(?:(?P<number>[0-9][0-9.]*)|(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<name>[@-\]_`{}~a-zA-Z$\x7f-\U0010ffff][@-\]_`{}~a-zA-Z$#0-9\x7f-\U0010ffff]*)"
    r"|(?P<operator>\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>&|^!=,()])|(?P<end>\Z|#))"
)
_LEVELS = {
    "**": 2, "*": 2, "/": 2, "%": 2, "+": 3, "-": 3, "<<": 4, ">>": 4,
    "<": 5, "<=": 5, ">": 5, ">=": 5, "==": 5, "!=": 5, "&": 6, "|": 7, "^": 8, "&&": 9, "||": 10, "=": 11, ",": 12,
}  # fmt: skip
"""How loosely an operator binds. Unlike in C, ``==`` and ``<`` bind alike, and ``|`` tighter than ``^``."""
_RIGHT = ("**", "=", ",")


def evaluate(text: str, value_of: Callable[[str], str | int]) -> Value:
    """The value of an expression; `value_of` tells that of a name. Raises `BadExpressionError`."""
    reader = _Reader(text, value_of)
    value = reader.expression(12, 0)
    if reader.kind != "end":
        raise BadExpressionError(f"{reader.text} is not expected")
    return value


def formatted(value: Value) -> str:
    """What ``#!defexp`` makes of a value: a number is cut to an integer."""
    if isinstance(value, str):
        return value
    return str(int(value)) if math.isfinite(value) else "0"


class _Reader:
    """Precedence climbing over the tokens of an expression."""

    def __init__(self, text: str, value_of: Callable[[str], str | int]) -> None:
        self.pattern = re.compile(_PATTERN, re.DOTALL)
        self.source = text
        self.value_of = value_of
        self.at = 0
        self.kind = self.text = ""
        self.next()

    def next(self) -> None:
        match = self.pattern.match(self.source, self.at)
        if match is None or match.lastgroup is None:
            raise BadExpressionError(f"{self.source[self.at :][:1]} is no operator")
        self.kind, self.text, self.at = match.lastgroup, match[match.lastgroup], match.end()

    def expression(self, level: int, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise BadExpressionError("it is nested too deeply")
        left = self.operand(depth)
        while self.kind == "operator" and _LEVELS.get(self.text, 99) <= level:
            operator = self.text
            self.next()
            inner = _LEVELS[operator] if operator in _RIGHT else _LEVELS[operator] - 1
            left = _apply(operator, left, self.expression(inner, depth + 1))
        return left

    def operand(self, depth: int) -> Value:
        kind, text = self.kind, self.text
        self.next()
        if kind == "number":
            return _number(text)
        if kind == "string":
            return re.sub(r"\\(.)", lambda m: {"n": "\n", "r": "\r", "t": "\t"}.get(m[1], m[1]), text[1:-1])
        if kind == "name":
            value = self.value_of(text)
            return float(value) if isinstance(value, int) else value
        if kind == "operator" and text in "-!^":
            number = self.expression(1, depth + 1)
            if isinstance(number, str):
                raise BadExpressionError(f"{text} needs a number")
            return -number if text == "-" else float(not number) if text == "!" else float(~_integer(number))
        if kind == "operator" and text == "(":
            inner = self.expression(12, depth + 1)
            if self.text != ")":
                raise BadExpressionError("a parenthesis is not closed")
            self.next()
            return inner
        raise BadExpressionError("an operand is missing")


def _number(text: str) -> float:
    """snexpr_parse_number: not a number where there are several dots."""
    plain = text.replace(".", "", 1)
    return float(text) if plain.isascii() and plain.isdigit() else math.nan


def _integer(value: float) -> int:
    return int(value) if math.isfinite(value) else 0


def _apply(operator: str, left: Value, right: Value) -> Value:
    if operator == ",":
        return right
    if operator in ("&&", "||"):
        # the server reads a string as the number that its address looks like: never 0
        truths = [bool(v) if not isinstance(v, str) else True for v in (left, right)]
        return float(all(truths) if operator == "&&" else any(truths))
    if operator == "+" or _LEVELS[operator] == 5:
        if isinstance(left, str):
            return _compare(operator, left, right if isinstance(right, str) else _text(right))
        return _compare(operator, left, _number(right) if isinstance(right, str) else right)
    if isinstance(left, str) or isinstance(right, str):
        raise BadExpressionError(f"{operator} needs numbers")
    return _calculate(operator, left, right)


def _text(value: float) -> str:
    return str(int(value)) if math.isfinite(value) and value == int(value) else f"{value:.4g}"


def _compare(operator: str, left: Value, right: Value) -> Value:
    if operator == "+":
        return left + right  # type: ignore[operator]
    if operator in ("==", "!="):
        return float((left == right) == (operator == "=="))
    below, equal = left < right, left == right  # type: ignore[operator]
    return float({"<": below, "<=": below or equal, ">": not below and not equal, ">=": not below}[operator])


def _calculate(operator: str, left: float, right: float) -> float:
    try:
        if operator in ("/", "%") and not right:
            raise BadExpressionError("a division by zero")
        if operator in ("<<", ">>"):
            shift = _integer(right) & 31
            return float(_integer(left) << shift if operator == "<<" else _integer(left) >> shift)
        if operator in ("&", "|", "^"):
            one, other = _integer(left), _integer(right)
            return float(one & other if operator == "&" else one | other if operator == "|" else one ^ other)
        if operator == "**":
            return float(left**right)
        return {
            "*": lambda: left * right,
            "/": lambda: left / right,
            "%": lambda: math.fmod(left, right),
            "-": lambda: left - right,
        }[operator]()
    except (OverflowError, ZeroDivisionError, ValueError, TypeError, KeyError):
        raise BadExpressionError(f"{operator} has no result") from None
