from __future__ import annotations

import pytest

from cfglint.knowledge.modparam import matcher


@pytest.mark.parametrize(
    ("pattern", "export", "matches"),
    [
        ("tm", "tm", True),
        ("TM", "tm", True),
        ("tm", "tmx", False),
        ("tm|sl", "sl", True),
        ("auth_db|alias_db", "auth", False),
        (".*_db", "auth_db", True),
        ("db_.*", "auth_db", False),
        ("(ims_)?auth", "auth", True),
        ("^tm$", "tm", True),
        ("tm|", "tm", True),
        (" tm", "tm", False),
        ("", "tm", False),
        ("d[be]bugger", "debugger", True),
    ],
)
def test_pattern(pattern: str, export: str, matches: bool) -> None:
    test = matcher(pattern)
    assert test is not None
    assert test(export) is matches


@pytest.mark.parametrize(
    "pattern", ["(", "[a", "*tm", "(?:tm)", "t[[:alpha:]]", r"\w+", "(([a-z]*)*)*", "a*a*a*a*a*b", "a{99999999999}"]
)
def test_pattern_that_python_would_read_differently_or_slowly(pattern: str) -> None:
    assert matcher(pattern) is None
