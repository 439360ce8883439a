"""A variable is asked for that nothing ever sets.

Why it matters: an $avp, $xavp or $vn that nobody has set is $null (pv/pv_core.c), so a condition on it always has the
same result: with == $null it always holds, and the branch behind it is taken by every request.

Log: Nothing.

Fix: set it, or correct its name; where the condition refuses everybody, take it away. Unsafe: what it was meant to ask
for, the script does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import SET_WHAT_THEY_ARE_TOLD
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison
from cfglint.syntax.kamailio.nodes import If, Variable
from cfglint.syntax.kamailio.pv import BadVariable, parse_variable

from ._exempting import statement_of, without
from ._replies import refusal
from ._variables import assignments, mentioned

EXAMPLES = [
    Example(
        bad='request_route {\n    if («$avp(never_set)» == $null) {\n        send_reply("403", "No");\n    }\n'
        '    xlog("new");\n}\n',
        good='modparam("permissions", "peer_tag_avp", "$avp(peer)")\nrequest_route {\n    $avp(a) = 1;\n'
        "    if ($avp(a) == $null || $avp(peer) == $null) exit;\n}\n",
        fixed='request_route {\n    xlog("new");\n}\n',
    ),
    Example(
        bad="request_route {\n    $avp(trusted) = 1;\n    if («$avp(trused)» == 1) exit;\n}\n",
        good="request_route {\n    $(avp(trusted)[*]) = 1;\n    if ($avp(trusted) == 1) exit;\n}\n",
    ),
]

_LOADING = ("avp_db_load", "avp_db_query", "avp_copy", "avp_subst")
"""Functions that set whatever they find."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.whole or kamailio.engine is not None or kamailio.calls_of(*_LOADING):
        return
    if any(module.name not in SET_WHAT_THEY_ARE_TOLD for module in kamailio.modules):
        return
    known = {_name(text) for text in assignments(kamailio)}
    asked = [(operand, name) for operand, name in _asked(kamailio) if name not in known]
    elsewhere = mentioned(kamailio) + _arguments(kamailio) if asked else ""
    for operand, name in asked:
        if name.rpartition(" ")[2] not in elsewhere:
            message = f"nothing ever sets {operand.text}: it is always $null"
            yield Defect(operand.place, message, subject=_refusing(kamailio, operand))


def _refusing(kamailio: Kamailio, operand: Variable) -> If | None:
    """The statement that refuses everybody, as it asks for nothing but whether a variable is missing."""
    for condition in kamailio.conditions:
        only = condition.only
        test = comparison(only.node) if only is not None and not only.negated else None
        if test is not None and test.left is operand and test.operator == "==" and _is_null(test.right):
            return (
                statement_of(kamailio, condition.node) if refusal(kamailio, condition.node.body) is not None else None
            )
    return None


def _is_null(operand: Any) -> bool:
    return isinstance(operand, Variable) and operand.text == "$null"


def _asked(kamailio: Kamailio) -> Iterator[tuple[Variable, str]]:
    """The variables that conditions ask for, with their names."""
    for condition in kamailio.conditions:
        for term in condition.terms:
            test = comparison(term.node)
            operand = term.node if test is None else test.left
            name = _name(operand.text) if isinstance(operand, Variable) else None
            if name is not None:
                yield operand, name


def _arguments(kamailio: Kamailio) -> str:
    """The variables that functions are given."""
    arguments = (argument for located in kamailio.calls for argument in located.call.arguments)
    return "\n".join(argument.text for argument in arguments if isinstance(argument, Variable))


def _name(text: str) -> str | None:
    """The class and the name of a variable that is $null at first, without what tells the type of a name."""
    variable = parse_variable(text)
    if (
        isinstance(variable, BadVariable)
        or variable.name not in ("avp", "xavp", "vn")
        or "$" in (variable.inner or "$")
    ):
        return None
    inner = re.split(r"=>|\[", variable.inner or "")[0].strip()
    return f"{variable.name} {inner.removeprefix('s:')}"


CHECK = Check(find, level="warning", category="answer", fix=without)
