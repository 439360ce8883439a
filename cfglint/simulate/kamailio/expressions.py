"""Values and truth of expressions (core/rvalue.c).

A string becomes an integer where one is needed. One that holds none counts as 0 up to 5.6; from 5.7 on the server gives
up on the whole expression, which then is false: the macro that used to hide the error got another name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.simulate.kamailio import coretests, variables
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.values import (
    Abandoned,
    Unknown,
    Value,
    bounded,
    name_of,
    number_in,
    text_of,
    wrapped,
)
from cfglint.syntax.kamailio.nodes import (
    Assignment,
    AttributeValue,
    Block,
    Call,
    CoreTest,
    Function,
    Parenthesis,
    Prefixed,
)
from cfglint.syntax.kamailio.precedence import Operation, ordered
from cfglint.syntax.kamailio.pv import BadVariable
from cfglint.syntax.kamailio.pv import variables as variables_in
from cfglint.syntax.kamailio.tokens import Number, Select, String, Token, Variable

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

STRICT_SINCE = (5, 7)
"""From this version on a string that holds no number makes an expression fail."""
MAX_DEPTH = 100
"""Expressions that nest deeper are not followed."""


def truth(run: Run, node: Any) -> bool:
    """Is a condition true? (core/action.c, IF_T)"""
    try:
        value = number(run, node)
    except Abandoned as reason:
        run.say(f"the server gives up on the condition, so it is false: {reason}")
        return False
    if isinstance(value, Unknown):
        return run.is_true(value.name)
    return value != 0 if run.setup.return_mode else value > 0


def number(run: Run, node: Any) -> int | Unknown:
    """The value of an expression as an integer (core/rvalue.c:rval_expr_eval_long)."""
    _refuse_selval(node)
    return as_number(run, evaluate(run, node))


def _refuse_selval(node: Any) -> None:
    """The server's own evaluation of ``selval()`` to an integer, or left of ``==``, fails."""
    while isinstance(node, Parenthesis) and not isinstance(node.inner, Assignment):
        node = node.inner
    if isinstance(node, Function) and node.word.text == "selval":
        raise Abandoned("selval() works only where a string is wanted")


def text(run: Run, node: Any) -> str | Unknown:
    """The value of an expression as a string."""
    value = evaluate(run, node)
    return value if isinstance(value, Unknown) else text_of(value)


def as_number(run: Run, value: Value) -> int | Unknown:
    """A value as an integer; raises `Abandoned`."""
    if isinstance(value, int | Unknown):
        return value
    found = number_in(text_of(value))
    if found is not None:
        return found
    if run.setup.version >= STRICT_SINCE:
        raise Abandoned(f'"{value}" is no number')
    return 0


def evaluate(run: Run, node: Any, *, code: bool = False) -> Value:
    """The value of an expression. A call is worth 1 or 0; where it is all of an assignment's right side (`code`) its
    return code counts (core/lvalue.c:lval_pvar_assign)."""
    run.depth += 1
    try:
        if run.depth > MAX_DEPTH:
            return Unknown("an expression that nests too deeply")
        return _value(run, ordered(node), code)
    finally:
        run.depth -= 1


def _value(run: Run, node: Any, code: bool) -> Value:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, String):
        return node.value
    if isinstance(node, Variable):
        return variables.read_text(run, node.text)
    if isinstance(node, Operation):
        return _operation(run, node)
    if isinstance(node, Prefixed):
        return _prefixed(run, node)
    if isinstance(node, Parenthesis):
        if isinstance(node.inner, Assignment):
            return run.interpreter.assign(node.inner)
        return evaluate(run, node.inner, code=code)
    if isinstance(node, Call):
        return _call_value(run, run.interpreter.call(node), code)
    if isinstance(node, CoreTest):
        return coretests.test(run, node)
    if isinstance(node, Function):
        return _function(run, node)
    if isinstance(node, Block):
        return _call_value(run, run.interpreter.block(node), code)
    if isinstance(node, AttributeValue):
        return variables.attribute(run, node.token.text)
    if isinstance(node, Select):
        return variables.select(run, node.text[1:])
    if isinstance(node, Token) and node.type == "ATTRIBUTE":
        return variables.attribute(run, node.text)
    return Unknown(f"what a {type(node).__name__} stands for")


def _call_value(run: Run, result: Value, code: bool) -> Value:
    if code or isinstance(result, Unknown):
        return result
    return result if run.setup.return_mode else int(isinstance(result, int) and result > 0)


# --------------------------------------------------------------------------------------------------------- operations


def _operation(run: Run, node: Operation) -> Value:
    operator = node.operator
    if operator in ("&&", "||"):
        return _logic(run, node)
    if operator == "+":
        return _sum(run, node.operands)
    left, right = node.operands[0], node.operands[1]
    if operator in ("==", "!=", "eq", "ne", "ieq", "ine"):
        return _equality(run, operator, left, right)
    if operator == "=~":
        return _match(run, text(run, left), text(run, right))
    one, other = number(run, left), number(run, right)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        name = f"{name_of(one)} {operator} {name_of(other)}"
        if operator in ("<", ">", "<=", ">="):
            return int(run.is_true(name, expected=False))
        return Unknown(name)
    return _arithmetic(operator, one, other)


def _logic(run: Run, node: Operation) -> int:
    """Any integer but 0 counts, negative ones too."""
    stops_at = node.operator == "||"
    if any(isinstance(operand, Number) and operand.value == int(stops_at) for operand in node.operands):
        return int(stops_at)  # the server has put it in place of the whole at start (core/rvalue.c:rve_opt_01)
    for operand in node.operands:
        value = number(run, operand)
        known = run.is_true(value.name) if isinstance(value, Unknown) else value != 0
        if known == stops_at:
            return int(stops_at)
    return int(not stops_at)


def _sum(run: Run, operands: list[Any]) -> Value:
    """Integers are added, strings joined: the left operand decides (core/rvalue.c, RVE_PLUS_OP)."""
    result = evaluate(run, operands[0])
    for operand in operands[1:]:
        if isinstance(result, Unknown):
            result = Unknown(f"{result.name} + {name_of(evaluate(run, operand))}")
        elif isinstance(result, int):
            more = number(run, operand)
            result = Unknown(f"{result} + {more.name}") if isinstance(more, Unknown) else wrapped(result + more)
        else:
            added = text(run, operand)
            before = text_of(result)
            result = Unknown(f'"{before}" + {added.name}') if isinstance(added, Unknown) else bounded(before + added)
    return result


def _arithmetic(operator: str, one: int, other: int) -> int:
    if operator in ("/", "mod"):
        if other == 0:
            raise Abandoned("division by 0")
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        return quotient if operator == "/" else one - other * quotient
    if operator in ("<<", ">>"):
        return wrapped(one << (other & 63)) if operator == "<<" else one >> (other & 63)
    results = {
        "-": one - other,
        "*": one * other,
        "&": one & other,
        "|": one | other,
        "^": one ^ other,
        "<": int(one < other),
        ">": int(one > other),
        "<=": int(one <= other),
        ">=": int(one >= other),
    }
    return wrapped(results[operator])


def _equality(run: Run, operator: str, left: Any, right: Any) -> int:
    """The left operand decides whether strings or integers are compared; null takes the other's type."""
    wanted = operator in ("==", "eq", "ieq")
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Variable) and one.text == "$null":
            return int(_is_defined(run, other) != wanted)
    if operator in ("==", "eq"):
        for one, other in ((left, right), (right, left)):
            if isinstance(one, String) and not one.value:  # the server makes strempty() of it (rvalue.c:rve_opt_01)
                subject = text(run, other)
                known = (
                    run.is_true(f"{subject.name} is empty", expected=False)
                    if isinstance(subject, Unknown)
                    else not subject
                )
                return int(known)
    _refuse_selval(left)
    if operator in ("ieq", "ine"):
        return _same(run, number(run, left), number(run, right), wanted)
    one = evaluate(run, left)
    other = evaluate(run, right)
    if operator in ("==", "!=") and isinstance(one, int):
        return _same(run, one, as_number(run, other), wanted)
    if operator in ("==", "!=") and one is None and isinstance(other, int):
        return _same(run, 0, other, wanted)
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return _same(run, one, other, wanted)
    return int((text_of(one) == text_of(other)) == wanted)


def _same(run: Run, one: Value, other: Value, wanted: bool) -> int:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return int((one == other or run.is_true(f"{name_of(one)} == {name_of(other)}", expected=False)) == wanted)
    return int((one == other) == wanted)


def _match(run: Run, subject: str | Unknown, pattern: str | Unknown) -> int:
    if isinstance(subject, Unknown) or isinstance(pattern, Unknown):
        return int(run.is_true(f"{name_of(subject)} =~ {name_of(pattern)}", expected=False))
    try:
        return int(compiled(pattern, ignore_case=True).search(subject))
    except BadPattern as error:
        raise Abandoned(f"bad regular expression: {error}") from None
    except Untold:
        return int(run.is_true(f'"{subject}" =~ "{pattern}"'))


def _prefixed(run: Run, node: Prefixed) -> Value:
    operators = [token.text for token in node.operators]
    if operators[-1] == "defined":
        value: Value = int(_is_defined(run, node.operand))
        operators.pop()
    else:
        value = evaluate(run, node.operand)
    for operator in reversed(operators):
        if operator == "(str)":
            value = value if isinstance(value, Unknown) else text_of(value)
            continue
        known = as_number(run, value)
        if operator in ("!", "not"):
            value = int(not (run.is_true(known.name) if isinstance(known, Unknown) else known))
        elif operator == "defined":
            value = 1
        elif isinstance(known, Unknown):
            value = known if operator == "(int)" else Unknown(f"{operator}{known.name}")
        else:
            value = {"-": -known, "~": ~known, "(int)": known}[operator]
    return value


def _is_defined(run: Run, node: Any) -> bool:
    """Only a single value can be undefined (core/rvalue.c:long_rve_defined)."""
    while isinstance(node, Parenthesis) and not isinstance(node.inner, Assignment):
        node = ordered(node.inner)
    if isinstance(node, Call | Block | Operation | Prefixed | CoreTest):
        return True
    value = evaluate(run, node)
    if isinstance(value, Unknown):
        return run.is_true(f"{value.name} is set")
    return value is not None


def _function(run: Run, node: Function) -> Value:
    name = node.word.text
    if name == "selval":
        return evaluate(run, node.arguments[1 if truth(run, node.arguments[0]) else 2])
    value = text(run, node.arguments[0])
    if isinstance(value, Unknown):
        if name == "strlen":
            return Unknown(f"the length of {value.name}")
        return int(run.is_true(f"{value.name} is empty", expected=False))
    return len(value) if name == "strlen" else int(not value)


# ---------------------------------------------------------------------------------------------------------- arguments


def argument(run: Run, node: Any) -> Value:
    """The value of a function's argument: pseudo-variables in a string are replaced."""
    if isinstance(node, String):
        return formatted(run, node.value)
    try:
        return evaluate(run, node)
    except Abandoned as reason:
        return Unknown(f"an argument that the server gives up on: {reason}")


def is_variable(pattern: str) -> bool:
    """Is all of a string one pseudo-variable?"""
    found = list(variables_in(pattern))
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(pattern)


def formatted(run: Run, pattern: str) -> Value:
    """A string with its pseudo-variables replaced (core/pvapi.c:pv_printf); one alone keeps its type."""
    if "$" not in pattern:
        return pattern
    if is_variable(pattern):
        return variables.read_text(run, pattern)
    found = list(variables_in(pattern))
    parts: list[str] = []
    unknown: list[str] = []
    at = 0
    for variable in found:
        parts.append(pattern[at : variable.start].replace("$$", "$"))
        at = variable.end
        if isinstance(variable, BadVariable):
            unknown.append(pattern[variable.start : variable.end])
            continue
        value = variables.read_text(run, pattern[variable.start : variable.end])
        if isinstance(value, Unknown):
            unknown.append(value.name)
        else:
            parts.append(str(value) if value is not None else "" if variable.transformations else "<null>")
    parts.append(pattern[at:].replace("$$", "$"))
    return Unknown(f'"{pattern}" with {", ".join(unknown)}') if unknown else bounded("".join(parts))
