"""A text is taken for true or false.

Why it matters: a condition is true when its value is a number above 0, and a text that is no number is none
(core/rvalue.c:rval_get_int): "yes", "true" and sip:bob@example.org are all false. From 5.7 on the failure makes the
whole condition false, with a ! in front of it, too.

Log:
    automatic string to int conversion for "..." failed

Fix: compare with the text, or with $null. Unsafe: a branch comes to life that never did.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import plain, pseudo_variable
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.script import uses
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.nodes import Assignment, String, Variable

EXAMPLES = [
    Example(
        bad='request_route {\n    $avp(trusted) = "yes";\n    if (!«$avp(trusted)») exit;\n}\n',
        good='request_route {\n    $avp(a) = "yes";\n    $avp(b) = 1;\n    if ($avp(a) == "yes" && $avp(b)) exit;\n}\n',
        fixed='request_route {\n    $avp(trusted) = "yes";\n    if (!($avp(trusted) == "yes")) exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    if («$du») exit;\n}\n",
        good="request_route {\n    if ($du != $null && $rc) exit;\n}\n",
        fixed="request_route {\n    if (($du != $null)) exit;\n}\n",
    ),
]

_TEXTS = frozenset("ru fu tu du ou rd fd td dd od rU fU tU oU ct ua rm si Ri ci ft tt au aU ai pu".split())
"""Pseudo-variables that hold what a request says: URIs, hosts, users, tags."""
_STORES = ("avp", "var", "vn", "xavp", "shv")


class Truth(NamedTuple):
    """A pseudo-variable as a condition, and what it should be compared with."""

    token: Variable
    comparison: str


def find(kamailio: Kamailio) -> Iterator[Defect]:
    assigned = _assigned(kamailio)
    mentioned = _mentioned(kamailio)
    for condition in kamailio.conditions:
        for term in condition.terms:
            variable = pseudo_variable(term.node)
            if variable is None or variable.transformations:
                continue
            token, values = term.node, assigned.get(term.node.text)
            if variable.name in _TEXTS and variable.inner is None:
                message = f"{token.text} is a text: this is only true if it is a number"
                yield Defect(token.place, message, subject=Truth(token, "!= $null"))
            elif variable.name in _STORES and values and None not in values and token.text not in mentioned:
                texts = {value.value for value in values if value is not None}
                if not any(text.strip().lstrip("+-").isdecimal() for text in texts):
                    only = f'== "{texts.pop()}"' if len(texts) == 1 else "!= $null"
                    note = Note(next(value.place for value in values if value is not None), "this is no number")
                    message = f"{token.text} is a text: this is never true"
                    yield Defect(token.place, message, (note,), Truth(token, only))


def _assigned(kamailio: Kamailio) -> dict[str, list[String | None]]:
    """What is assigned to each pseudo-variable: texts, None for all else."""
    found: dict[str, list[String | None]] = {}
    for located in kamailio.nodes(Assignment):
        target, value = located.node.target, plain(located.node.value)
        if isinstance(target, Variable):
            found.setdefault(target.text, []).append(value if isinstance(value, String) else None)
    return found


def _mentioned(kamailio: Kamailio) -> set[str]:
    """The pseudo-variables that stand in strings: a module may assign to them."""
    strings = [located.node for located in kamailio.nodes(String)]
    strings += [setting.node.value for setting in kamailio.settings if isinstance(setting.node.value, String)]
    return {use.place.text for string in strings if "$" in string.text for use in uses(string)}


def fix(truth: Truth) -> Fix | None:
    if not written(truth.token):
        return None
    return Fix("compare", (replace(truth.token.place, f"({truth.token.text} {truth.comparison})"),))


CHECK = Check(find, level="warning", category="answer", fix=fix)
