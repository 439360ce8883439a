from __future__ import annotations

import pytest

from cfglint import registry
from cfglint.notices import UNUSED_SUPPRESSION
from tests.cli.support import run


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in registry.every()])
def test_every_check_is_explained(registered: registry.Registered) -> None:
    result = run("explain", registered.id)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{registered.id} ({registered.check.level}, {registered.check.category}")
    assert ("; can be fixed)" in result.stdout.splitlines()[0]) == (registered.check.fix is not None)
    for word in ("\nWhy it matters: ", "\nFix: ", "\nBad:\n", "\nGood:\n"):
        assert word in result.stdout
    assert "«" not in result.stdout


def test_the_unused_suppression_is_explained() -> None:
    result = run("explain", UNUSED_SUPPRESSION.id)
    assert result.exit_code == 0
    assert "Why it matters" in result.stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [("conf-no-equal", "did you mean conf-no-equals?"), ("nonsense", "'cfglint rules' lists them")],
)
def test_an_unknown_check(name: str, hint: str) -> None:
    result = run("explain", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"cfglint: there is no check '{name}'; {hint}\n"


def test_without_a_name() -> None:
    result = run("explain")
    assert result.exit_code == 2
    assert "Missing argument 'ID'" in result.stderr
