"""Headers of sections: what the parentheses hold, and what keeps the server from reading them."""

from __future__ import annotations

import pytest

from cfglint.source import Source
from cfglint.syntax.asterisk import Header, parse


def header(line: str) -> Header:
    node = parse(Source("sip.conf", line + "\n")).nodes[0]
    assert isinstance(node, Header)
    return node


@pytest.mark.parametrize(
    ("line", "between"),
    [("[a] (b)", " "), ("[a]](b)", "]"), ("[a]\t] (b)", "\t] "), ("[a]:(!)", ":"), ("[a]x(b)", "x")],
)
def test_what_stands_before_the_parenthesis(line: str, between: str) -> None:
    found = header(line)
    assert (found.name, found.items) == ("a", None)
    assert found.detached is not None
    assert line[found.detached.start : found.detached.end] == between


@pytest.mark.parametrize("line", ["[a]", "[a](b)", "[a] b", "[a] the phone in the hall (b)", "[a] ;(b)"])
def test_nothing_is_detached(line: str) -> None:
    assert header(line).detached is None
