"""Whole configurations as users have them: what is said of each, and what the fixes make of it."""

from __future__ import annotations

import filecmp
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cfglint.cli import cli

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/expected.txt"))


def identify(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


def copy(case: Path, to: Path) -> Path:
    tree = to / "tree"
    shutil.copytree(case, tree, ignore=shutil.ignore_patterns("expected.txt", "fixed"))
    return tree


@pytest.mark.parametrize("case", CASES, ids=identify)
def test_findings(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copy(case, tmp_path))
    result = CliRunner().invoke(cli, ["check", "-f", "concise", "."])
    expected = (case / "expected.txt").read_text()
    assert result.stdout == expected
    assert result.stderr == ""
    assert result.exit_code == int(any(f": {level}: " in expected for level in ("error", "warning")))


@pytest.mark.parametrize("case", [case for case in CASES if (case / "fixed").exists()], ids=identify)
def test_fixes(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = copy(case, tmp_path)
    monkeypatch.chdir(tree)
    CliRunner().invoke(cli, ["fix", "--write", "--unsafe", "."])
    comparison = filecmp.dircmp(case / "fixed", tree)
    assert not comparison.left_only
    assert not comparison.right_only
    for path in (p for p in (case / "fixed").rglob("*") if p.is_file()):
        assert (tree / path.relative_to(case / "fixed")).read_bytes() == path.read_bytes()


def test_there_are_fixtures() -> None:
    assert {case.parent.name for case in CASES} >= {"kamailio", "pjsip", "sip"}
