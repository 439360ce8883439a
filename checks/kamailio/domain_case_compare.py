"""A domain is compared letter by letter.

Why it matters: == and != compare strings byte by byte (core/rvalue.c:bool_rvstrop2), but the case of a host name means
nothing (RFC 3261, 19.1.4): a phone that is set to EXAMPLE.ORG, or to example.org where the script has capitals, gets
what strangers get. `uri == myself` does not mind the case.

Client sees: with other capitals: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 19.1.4: hosts are compared without regard to case.

Verdict: spurious. It is the same domain.

Does not help: another password.

Fix: compare $(fd{s.tolower}) with small letters. Unsafe: other requests will match.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import DIFFERENT, EQUAL, Comparison, comparison, pseudo_variable
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import String

from ._replies import refusing

EXAMPLES = [
    Example(
        bad='request_route {\n    if («$fd == "Example.ORG"») exit;\n}\n',
        good='request_route {\n    if ($fd == "example.org" || $td =~ "Example.ORG") exit;\n}\n',
        fixed='request_route {\n    if ($(fd{s.tolower}) == "example.org") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if («$td != "example.org"») {\n        send_reply("403", "No");\n    }\n}\n',
        good='request_route {\n    if (uri != myself) {\n        send_reply("403", "No");\n    }\n}\n',
        fixed='request_route {\n    if ($(td{s.tolower}) != "example.org") {\n'
        '        send_reply("403", "No");\n    }\n}\n',
    ),
    Example(
        bad='request_route {\n    if («$td == "example.org"») {\n        save("location");\n    } else exit;\n}\n',
        good='request_route {\n    if ($td == "example.org") {\n        save("location");\n    } else t_relay();\n}\n',
        fixed='request_route {\n    if ($(td{s.tolower}) == "example.org") {\n        save("location");\n'
        "    } else exit;\n}\n",
    ),
]

_DOMAINS = ("fd", "td", "rd", "od", "dd")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    found = [test for test, _ in kamailio.comparisons if _is_domain(test)]
    refusing = set(_refusing(kamailio)) if found else set()
    for test in found:
        name = test.right.value
        if name != name.lower():
            message = f"'{name}' with its capitals only matches who writes it like that"
            yield Defect(test.node.place, message, subject=test)
        elif name != name.upper() and test.left in refusing:
            message = f"who writes '{name}' with capitals is refused, though it is the same domain"
            yield Defect(test.node.place, message, subject=test, answers=(403,))


def _is_domain(test: Comparison) -> bool:
    """Is a domain compared with a text, letter by letter?"""
    variable = pseudo_variable(test.left)
    known = variable is not None and variable.name in _DOMAINS and not variable.transformations
    return known and isinstance(test.right, String) and test.operator in ("==", "!=", "eq", "ne")


def _refusing(kamailio: Kamailio) -> Iterator[object]:
    """What is compared so that a request is refused when it differs."""
    for condition, _, holds in refusing(kamailio):
        for term in condition.terms:
            test = comparison(term.node)
            if test is not None and test.operator in (EQUAL if term.negated == holds else DIFFERENT):
                yield test.left


def fix(test: Comparison) -> Fix | None:
    variable = pseudo_variable(test.left)
    if variable is None or variable.subscript is not None or not written(test.left, test.right):
        return None
    left = replace(test.left.place, f"$({variable.name}{{s.tolower}})")
    return Fix("compare in small letters", (left, replace(test.right.place, f'"{test.right.value.lower()}"')))


CHECK = Check(find, level="warning", category="answer", fix=fix)
