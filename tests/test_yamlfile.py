"""Edits of YAML that people have written: what is added is there, and nothing else has moved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.edits import Edit, applied
from cfglint.errors import SettingsProblem
from cfglint.source import Source
from cfglint.yamlfile import add_entry, add_item, compose, entry, line_of, parse_yaml, scalar


def edited(text: str, edit: Any, *arguments: str) -> str:
    source = Source("x.yaml", text)
    edits: list[Edit] = edit(source, compose(source), *arguments)
    return applied(text, edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "ignore: [new]\n"),
        ("# nothing yet", "# nothing yet\nignore: [new]\n"),
        ("---\n", "---\nignore: [new]\n"),
        ("fail-on: error\n", "fail-on: error\nignore: [new]\n"),
        ("fail-on: error", "fail-on: error\nignore: [new]"),
        ("ignore: [a]\n", "ignore: [a, new]\n"),
        ("ignore: [a,b,]  # why\nx: 1\n", "ignore: [a,b, new,]  # why\nx: 1\n"),
        ("ignore: []\n", "ignore: [new]\n"),
        ("ignore: a # one\n", "ignore: [a, new] # one\n"),
        ("ignore: 'a'\n", "ignore: ['a', new]\n"),
        ("ignore:\nx: 1\n", "ignore: [new]\nx: 1\n"),
        ("ignore:  # none yet\nx: 1\n", "ignore: [new]  # none yet\nx: 1\n"),
        ("ignore:\n- a\n- b   # bee\n\n# about x\nx: 1\n", "ignore:\n- a\n- b   # bee\n- new\n\n# about x\nx: 1\n"),
        ("ignore:\n    -   a\nx:   1\n", "ignore:\n    -   a\n    - new\nx:   1\n"),
        ("ignore:\r\n  - a\r\nx: 1\r\n", "ignore:\r\n  - a\r\n  - new\r\nx: 1\r\n"),
        ("ignore:\n  [a,\n   b]\n", "ignore:\n  [a,\n   b, new]\n"),
        ("{x: 1}\n", "{x: 1, ignore: [new]}\n"),
        ("{ignore: [a], x: 1}\n", "{ignore: [a, new], x: 1}\n"),
    ],
)
def test_an_item_more(before: str, after: str) -> None:
    assert edited(before, add_item, "ignore", "new") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "ignore: [new]  # why\n"),
        ("ignore: [a]\n", "ignore: [a, new]  # why\n"),
        ("x: 1\nignore: [a]  # for Ann\n", "x: 1\n# why\nignore: [a, new]  # for Ann\n"),
        ("ignore:\n- a\n", "ignore:\n- a\n- new  # why\n"),
        ("ignore:\n  [a,\n   b]\nx: 1\n", "ignore:\n  [a,\n   b, new]  # why\nx: 1\n"),
        ("{ignore: [a], x: 1}\n", "# why\n{ignore: [a, new], x: 1}\n"),
        ("ignore:\n", "ignore: [new]  # why\n"),
    ],
)
def test_an_item_with_a_comment(before: str, after: str) -> None:
    assert edited(before, add_item, "ignore", "new", "why") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("per-path:\n  a: [x]\n\nz: 1\n", "per-path:\n  a: [x]\n  b: [y]\n\nz: 1\n"),
        ("per-path: {a: x}\n", "per-path: {a: x, b: [y]}\n"),
        ("per-path: {}\n", "per-path: {b: [y]}\n"),
        ("per-path:\n  a:\n  - x\n  c:\n    - z # last\n", "per-path:\n  a:\n  - x\n  c:\n    - z # last\n  b: [y]\n"),
        ("per-path:\n  b: # soon\n", "per-path:\n  b: [y] # soon\n"),
    ],
)
def test_an_entry_more(before: str, after: str) -> None:
    source = Source("x.yaml", before)
    found = entry(compose(source), "per-path")
    assert found is not None
    assert applied(before, add_entry(source, found.value, "b", "[y]")) == after


@given(st.text())
def test_any_text_is_a_scalar(text: str) -> None:
    assert parse_yaml(f"a: [{scalar(text)}, x]\n", "x") == {"a": [text, "x"]}


@pytest.mark.parametrize("text", ["yes", "null", "1e5", "0x1", "2020-01-01", "~", "a: b", "- a", "#", "'", "", " "])
def test_what_would_be_something_else_is_quoted(text: str) -> None:
    assert scalar(text)[0] == '"'
    assert parse_yaml(scalar(text), "x") == text


def test_lines_of_what_comes_through_a_merge_key() -> None:
    data = parse_yaml("a: &x {k: 1}\nb:\n  <<: *x\n  z: 2\n", "x", "rt")
    assert (line_of(data, "b"), line_of(data["b"], "z"), line_of(data["b"], "k")) == (2, 4, 3)


def test_no_yaml() -> None:
    with pytest.raises(SettingsProblem, match=r"x.yaml:2: is not YAML: "):
        compose(Source("x.yaml", "a: [1\nb: 2\n"))
