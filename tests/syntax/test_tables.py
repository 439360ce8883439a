"""The ready-made tables are fresh, and a stale module is never used."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cfglint.syntax import tables

MODULES = {language: Path(tables.__file__).with_name(f"tables_{language}.py") for language in tables.LANGUAGES}


def assignments(text: str) -> dict[str, Any]:
    """The literals of a module, by name."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found[ast.unparse(target)] = ast.literal_eval(node.value)
    return found


@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_the_tables_were_made_from_this_grammar(language: str) -> None:
    committed, fresh = map(assignments, (MODULES[language].read_text(), tables.render(language)))
    assert committed == fresh, "run python -m cfglint.syntax.tables"


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = tables.automaton("asterisk")[1]
    stale = ModuleType("cfglint.syntax.tables_asterisk")
    stale.__dict__.update(STAMP=(tables.FORMAT, 0), TABLES=(), TERMINALS=())
    monkeypatch.setitem(sys.modules, stale.__name__, stale)
    assert tables.automaton("asterisk")[1] == ready


def test_without_tables_the_grammar_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    ready = tables.automaton("asterisk")[1]
    monkeypatch.delitem(sys.modules, "cfglint.syntax.tables_asterisk", raising=False)
    monkeypatch.setattr(
        tables, "import_module", lambda name: missing(name) if "tables_" in name else __import__(name, fromlist=["x"])
    )
    assert tables.automaton("asterisk")[1] == ready


def test_main_writes_the_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "tables.py"))
    tables.main()
    assert {path.name for path in tmp_path.iterdir()} == {f"tables_{language}.py" for language in tables.LANGUAGES}
    assert assignments((tmp_path / "tables_asterisk.py").read_text())["STAMP"] == tables.stamp("asterisk")
