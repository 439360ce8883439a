"""Conditions and parameters of a kamailio.cfg, taken apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.model.kamailio.conditions import comparison, literal, number, terms
from cfglint.syntax.kamailio.nodes import Branch, Call, String
from tests.model.kamailio.test_kamailio import read


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            '!is_method("A") && ($a == 1 || !($b == 2))',
            [('is_method("A")', True), ("$a == 1", False), ("$b == 2", True)],
        ),
        ("!!$a", [("$a", False)]),
        ("!$a == 1", [("!$a == 1", False)]),  # binds tighter than the comparison
        ("not method == INVITE", [("method == INVITE", True)]),  # but not than the language's own tests
        ("($var(a) = 1)", [("$var(a) = 1", False)]),
        ("-$a", [("-$a", False)]),
    ],
)
def test_terms(tmp_path: Path, condition: str, expected: list[tuple[str, bool]]) -> None:
    kamailio = read(tmp_path, f"request_route {{ if ({condition}) exit; }}\n")
    (branch,) = kamailio.nodes(Branch)
    assert [(term.node.place.text, term.negated) for term in terms(branch.node.condition)] == expected


def test_comparisons(tmp_path: Path) -> None:
    kamailio = read(
        tmp_path,
        'request_route { $var(x) = $a + 1 > -5 && !(uri == myself) && method == "A"; if ((f()) == -1) exit; }\n'
        "route[A] { if (src_ip == 10.0.0.1) exit; }\n",
    )
    found = {
        (c.left.text if hasattr(c.left, "text") else c.left.place.text, c.operator): r for c, r in kamailio.comparisons
    }
    assert {key: route.name for key, route in found.items()} == {
        ("$a + 1", ">"): None,
        ("uri", "=="): None,
        ("method", "=="): None,
        ("f()", "=="): None,
        ("src_ip", "=="): "A",
    }
    assert len(kamailio.comparisons) == len(found)
    assert sorted(value for c, _ in kamailio.comparisons if (value := number(c.right)) is not None) == [-5, -1]


def test_a_condition_that_compares_nothing(tmp_path: Path) -> None:
    kamailio = read(tmp_path, "request_route { if ($a && $b) exit; }\n")
    (branch,) = kamailio.nodes(Branch)
    assert comparison(branch.node.condition) is None


def test_literal(tmp_path: Path) -> None:
    kamailio = read(tmp_path, 'request_route { f("a", "$b", 5, "a" + "b"); }\n')
    (call,) = kamailio.nodes(Call)
    assert [literal(argument) for argument in call.call.arguments] == ["a", None, "5", None]
    assert [located.node.value for located in kamailio.nodes(String)] == ["a", "$b", "a", "b"]


def test_the_last_line_counts(tmp_path: Path) -> None:
    parameters = read(
        tmp_path,
        'modparam("auth_db|usrloc", "use_domain", 1)\nmodparam("usrloc", "use_domain", 0)\n'
        'modparam("^(tm|auth).*$", "other", "x")\nmodparam("a[[:alpha:]]+", "third", 3)\nrequest_route { exit; }\n',
    ).parameters
    assert parameters.number("auth_db", "use_domain", 5) == 1
    assert parameters.number("usrloc", "use_domain", 5) == 0
    assert parameters.number("alias_db", "use_domain", 5) == 5
    assert parameters.number("auth_db", "other", 5) is None, "it is a string"
    assert parameters.text("tm", "other", "") == "x"
    assert len(parameters.all("auth", "other", "third")) == 2, "nobody can tell what the last pattern matches"
