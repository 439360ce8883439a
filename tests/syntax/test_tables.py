"""The ready-made tables are fresh, and a stale module is never used."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import lark
import pytest

from cfglint.syntax import tables
from cfglint.syntax.asterisk import _ConfLexer, _Lines

LANGUAGES = (*tables.LANGUAGES, *tables.AUTOMATA)
MODULES = {language: Path(tables.__file__).with_name(f"tables_{language}.py") for language in LANGUAGES}


def assignments(text: str) -> dict[str, Any]:
    """The literals of a module, by name."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found[ast.unparse(target)] = ast.literal_eval(node.value)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_were_made_from_this_grammar(language: str) -> None:
    committed, fresh = map(assignments, (MODULES[language].read_text(), tables.render(language)))
    assert committed["STAMP"][1] == fresh["STAMP"][1], "run python -m cfglint.syntax.tables"
    if committed["STAMP"] == fresh["STAMP"]:  # made with this version of lark
        assert committed == fresh


def test_tables_of_another_grammar_or_lark_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    stale = ModuleType("cfglint.syntax.tables_asterisk")
    stale.__dict__.update(STAMP=(lark.__version__, 0), PATTERNS={}, DATA={}, MEMO={})
    monkeypatch.setitem(sys.modules, stale.__name__, stale)
    assert tables.patterns("asterisk").keys() == {"INDENT", "KEY", "OPERATOR", "VALUE"}
    built = tables.parser("asterisk", _ConfLexer, _Lines())
    assert isinstance(built, lark.Lark)


def test_without_tables_the_grammar_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    ready = tables.patterns("asterisk")
    monkeypatch.delitem(sys.modules, "cfglint.syntax.tables_asterisk", raising=False)
    monkeypatch.setattr(
        tables, "import_module", lambda name: missing(name) if "tables_" in name else __import__(name, fromlist=["x"])
    )
    assert tables.patterns("asterisk") == ready


def test_main_writes_the_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "tables.py"))
    tables.main()
    assert {path.name for path in tmp_path.iterdir()} == {f"tables_{language}.py" for language in LANGUAGES}
    assert assignments((tmp_path / "tables_asterisk.py").read_text())["STAMP"] == tables.stamp("asterisk")
