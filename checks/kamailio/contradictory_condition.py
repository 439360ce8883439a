"""A condition is always true, or never, because it asks for two values at once.

Why it matters: whatever the value is, it differs from one of two, so `$si != "a" || $si != "b"` is always true, and
`$si == "a" && $si == "b"` never is. A list of allowed addresses that is written like that refuses everybody.

Client sees: where the branch refuses: INVITE -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The address is one of those that are listed.

Does not help: another address in the list: no value is equal to two.

Fix: && between different values that are excluded, || between those that are allowed. Unsafe: the branch will be taken
by other requests than before.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import EQUAL, comparison, operations, plain
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Expression, Number, Prefixed, String, Token, Word
from cfglint.syntax.kamailio.precedence import Operation

EXAMPLES = [
    Example(
        bad='request_route {\n    if («$si != "192.0.2.1" || $si != "192.0.2.2"») exit;\n}\n',
        good='request_route {\n    if ($si != "192.0.2.1" && $si != "192.0.2.2") exit;\n}\n',
        fixed='request_route {\n    if ($si != "192.0.2.1" && $si != "192.0.2.2") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if («!(method == "ACK") || method != "BYE" || $rU == "1"») exit;\n}\n',
        good='request_route {\n    if (!(method == "ACK") || method != "ACK" || $rU != "1") exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    if (src_port > 5 && («$rc == 1 and $rc == -1»)) exit;\n}\n",
        good="request_route {\n    if ($rc == 1 or $rc == -1) exit;\n}\n",
        fixed="request_route {\n    if (src_port > 5 && ($rc == 1 || $rc == -1)) exit;\n}\n",
    ),
]


class Demand(NamedTuple):
    """A value that something shall have, or shall not have."""

    subject: str
    equal: bool
    value: str


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Expression):
        for node in operations(located.node):
            # "or" is always true with two that differ, "and" is never true with two that are equal
            if node.operator in ("||", "&&"):
                yield from _contradiction(node)


def _contradiction(node: Operation) -> Iterator[Defect]:
    excluded = node.operator == "||"
    demands = [demand for operand in node.operands if (demand := _demand(operand)) and demand.equal != excluded]
    for one, other in combinations(demands, 2):
        if one.subject == other.subject and one.value != other.value:
            always, which = ("always", "differs from one of the two") if excluded else ("never", "cannot be both")
            message = f"this is {always} true: {one.subject} {which}"
            yield Defect(node.place, message, subject=node if len(node.operands) == 2 else None)
            return


def _demand(operand: Any) -> Demand | None:
    operand = plain(operand)
    turned = False
    while isinstance(operand, Prefixed) and all(token.text in ("!", "not") for token in operand.operators):
        turned ^= len(operand.operators) % 2 == 1
        operand = plain(operand.operand)
    test = comparison(operand)
    if test is None or test.operator not in ("==", "!=", "eq", "ne"):
        return None
    value = _value(test.right)
    if value is None or not isinstance(test.left, Token):
        return None
    return Demand(test.left.text, (test.operator in EQUAL) != turned, value)


def _value(node: Any) -> str | None:
    """A constant, so that different texts are different values; networks are left out, as they overlap."""
    if isinstance(node, Prefixed):
        inner = _value(node.operand)
        return f"-{inner}" if inner is not None and node.operators[0].text == "-" else None
    if isinstance(node, String):
        return node.value.lower()
    if isinstance(node, Word):
        return None if "/" in node.text else node.text.lower()
    return str(node.value) if isinstance(node, Number) else None


def fix(node: Operation) -> Fix | None:
    if not written(*node.operands):
        return None
    other = "&&" if node.operator == "||" else "||"
    return Fix(f"{other} in its place", (replace(node.token.place, other),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
