"""An operator of other languages is used.

Why it matters: kamailio.cfg has no !~, ++, --, += (a token without a rule), === or ?:, and the server refuses the
file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: write it out: !($x =~ "re"), $x = $x + 1, or an if for each case.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import BAD_OPERATOR
from cfglint.syntax.kamailio.tokens import String, Token, Variable

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($ua «!~» "sip") exit;\n}\n',
        good='request_route {\n    if (!($ua =~ "sip")) exit;\n}\n',
        fixed='request_route {\n    if (!($ua =~ "sip")) exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    $var(i)«++»;\n    exit;\n}\n",
        good="request_route {\n    $var(i) = $var(i) + 1;\n    exit;\n}\n",
        fixed="request_route {\n    $var(i) = $var(i) + 1;\n    exit;\n}\n",
    ),
    Example(
        bad="request_route {\n    $var(i) «+=» 2;\n    if ($var(i) «===» 4) exit;\n}\n",
        good="request_route {\n    $var(i) = $var(i) + 2;\n    if ($var(i) == 4) exit;\n}\n",
        fixed="request_route {\n    $var(i) = $var(i) + 2;\n    if ($var(i) == 4) exit;\n}\n",
    ),
]

_SAME = {"===": "==", "!==": "!=", "<>": "!="}
"""Operators of other languages that have another name in this one."""


class Foreign(NamedTuple):
    """An operator, and what stands on its left and right."""

    place: Place
    left: Token
    right: Token


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, BAD_OPERATOR):
        subject = _between(kamailio, problem.place)
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), subject)


def _between(kamailio: Kamailio, place: Place) -> Foreign | None:
    tokens = [token for token in kamailio.config.tokens if token.home.source is place.source]
    left = next((token for token in reversed(tokens) if token.end <= place.span.start), None)
    right = next((token for token in tokens if token.start >= place.span.end), None)
    return Foreign(place, left, right) if left is not None and right is not None else None


def fix(foreign: Foreign) -> Fix | None:
    place, left, right = foreign
    operator, source = place.text, place.source
    if operator in _SAME:
        return Fix(f"write {_SAME[operator]}", (replace(place, _SAME[operator]),))
    if not isinstance(left, Variable) or not written(left, right):
        return None
    if operator == "!~" and isinstance(right, String | Variable):
        edits = insert(source, left.start, "!("), replace(place, "=~"), insert(source, right.end, ")")
        return Fix("negate the comparison", edits)
    if operator in ("++", "--"):
        return Fix("write it out", (replace(place, f" = {left.text} {operator[0]} 1"),))
    if operator in ("+=", "-="):
        return Fix("write it out", (replace(place, f"= {left.text} {operator[0]}"),))
    return None


CHECK = Check(find, level="error", category="syntax", fix=fix)
