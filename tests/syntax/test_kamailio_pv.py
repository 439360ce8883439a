"""Pseudo-variables: their parts, and finding them in strings."""

from __future__ import annotations

from typing import Any

import pytest

from cfglint.syntax.kamailio.pv import BadVariable, PseudoVariable, parse_variable, variables


@pytest.mark.parametrize(
    ("text", "name", "inner", "subscript", "functions"),
    [
        ("$ru", "ru", None, None, []),
        ("$avp(s:x)", "avp", "s:x", None, []),
        ("$(avp(y)[-1])", "avp", "y", "-1", []),
        ("$xavp(a[0]=>b)", "xavp", "a[0]=>b", None, []),
        ("$(ru{uri.user}{s.len})", "ru", None, None, ["uri.user", "s.len"]),
        ("$(hdr(X)[*]{s.substr,0,$var(n)})", "hdr", "X", "*", ["s.substr"]),
        ("$?", "?", None, None, []),
    ],
)
def test_parts(text: Any, name: Any, inner: Any, subscript: Any, functions: Any) -> None:
    found = parse_variable(text)
    assert isinstance(found, PseudoVariable)
    assert (found.name, found.inner, found.subscript) == (name, inner, subscript)
    assert [t.name for t in found.transformations] == functions


def test_parameters_and_nested_variables() -> None:
    found = parse_variable("$(sht(t=>$au::k){re.subst,/^(.*){2}$/\\1/g}{s.select,$(x{s.len}),:})")
    assert isinstance(found, PseudoVariable)
    assert [t.parameters for t in found.transformations] == [("/^(.*){2}$/\\1/g",), ("$(x{s.len})", ":")]
    assert [(v.name, v.start) for v in found.nested] == [("au", 9), ("x", 52)]
    assert found.transformations[1].group == "s" and found.transformations[1].function == "select"


@pytest.mark.parametrize(
    ("text", "at"), [("$(ru", 4), ("$x(", 3), ("$(ru{s.len)", 10), ("$", 1), ("$()", 2), ("$x()", 3)]
)
def test_what_is_none(text: Any, at: Any) -> None:
    assert parse_variable(text) == BadVariable(0, len(text), at)


def test_in_a_string_a_bare_name_takes_dots_and_question_marks() -> None:
    text = "from $si. to $(ru{uri.host}): $$5 at $var(a(b)c)?"
    found = [text[v.start : v.end] for v in variables(text)]
    assert found == ["$si.", "$(ru{uri.host})", "$var(a(b)c)"]
    assert [v.name for v in variables(text) if isinstance(v, PseudoVariable)] == ["si.", "ru", "var"]


def test_a_dollar_at_the_end_of_a_regular_expression_is_none() -> None:
    assert list(variables("^sip:.*$")) == [BadVariable(7, 8, 8)]
