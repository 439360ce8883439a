from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from cfglint import registry
from cfglint.check import Check, Example
from cfglint.errors import CfglintError, UsageProblem
from cfglint.registry import FAMILIES, Registered, Selection, every, family

MODULE = '''"""A summary.

Why it matters: it does.

Fix: none.
"""
from cfglint.check import Check, Example
EXAMPLES = [Example("«x»", "y")]
CHECK = Check(lambda subject: iter(()), "warning", "load")
'''


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No check is known yet."""
    monkeypatch.setattr(registry, "family", registry.family.__wrapped__)


def folder_as_family(path: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = ModuleType(f"cfglint.checks.{name}")
    package.__path__ = [path]
    monkeypatch.setitem(sys.modules, package.__name__, package)
    for module in [m for m in sys.modules if m.startswith(package.__name__ + ".")]:
        monkeypatch.delitem(sys.modules, module)


def test_ids_are_family_and_file_name() -> None:
    for registered in every():
        stem = registered.module.__name__.rpartition(".")[2]
        assert registered.id == f"{registered.family}-{stem.replace('_', '-')}"
        assert registered.family in FAMILIES
        assert registered.summary == registered.documentation.partition("\n")[0].rstrip(".")
    assert [r.id for r in every()] == sorted(r.id for r in every())


def test_every_file_is_a_check() -> None:
    checks = Path(next(iter(family("conf"))).module.__file__ or "").parent.parent
    files = {
        f"{path.parent.name}-{path.stem.replace('_', '-')}"
        for path in checks.glob("*/*.py")
        if not path.name.startswith("_") and "CHECK = " in path.read_text()
    }
    assert {registered.id for registered in every()} == files


def test_adding_a_file_is_the_whole_registration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    for name, text in {"some_defect.py": MODULE, "_private.py": MODULE, "not_a_check.py": "", "notes.txt": ""}.items():
        (tmp_path / name).write_text(text)
    folder_as_family(str(tmp_path), "sip", monkeypatch)
    (registered,) = registry.family("sip")
    assert registered.id == "sip-some-defect"
    assert registered.summary == "A summary"
    assert registered.examples == (Example("«x»", "y"),)


def test_checks_in_a_zip_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    archive = tmp_path / "checks.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("sip/some_defect.py", MODULE)
    folder_as_family(str(archive / "sip"), "sip", monkeypatch)
    assert [registered.id for registered in registry.family("sip")] == ["sip-some-defect"]


def test_a_family_without_folder_has_no_checks(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    assert registry.family("nonsense") == ()


def test_running_in_the_source_tree_without_installing(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    def missing(name: str) -> ModuleType:
        raise ModuleNotFoundError("No module named 'cfglint.checks'", name="cfglint.checks")

    monkeypatch.setattr(registry, "import_module", missing)
    with pytest.raises(CfglintError, match=r"run 'pip install -e \.' in it"):
        registry.family("sip")


def test_double_ids_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Registered("sip-x", "sip", Check(lambda subject: iter(()), "warning", "load"), ModuleType("x"))
    monkeypatch.setattr(registry, "family", lambda name: (check,) if name in ("sip", "acl") else ())
    with pytest.raises(CfglintError, match="two checks have the id sip-x"):
        every()


@pytest.mark.parametrize(
    ("select", "ignore", "check", "taken"),
    [
        ((), (), "sip-x", True),
        (("sip",), (), "sip-x", True),
        (("sip-",), (), "sip-x", True),
        (("sip-*",), (), "sip-x", True),
        (("sip",), (), "pjsip-x", False),
        (("sip-x",), (), "sip-x-y", True),
        (("sip-x",), (), "sip-xy", False),
        (("all",), (), "sip-x", True),
        (("*",), (), "sip-x", True),
        ((), ("sip",), "sip-x", False),
        (("sip",), ("sip-x",), "sip-x", False),
        (("sip",), ("sip-x",), "sip-y", True),
        (("sip-x",), ("all",), "sip-x", False),
    ],
)
def test_selection(select: tuple[str, ...], ignore: tuple[str, ...], check: str, taken: bool) -> None:
    assert Selection(select, ignore).takes(check) is taken


def test_a_selection_must_mean_something() -> None:
    known = ["sip-host-not-dynamic", "acl-order"]
    Selection(("sip", "acl-order"), ("all",)).verify(known)
    with pytest.raises(UsageProblem, match="no check 'sip-host-not-dinamic'; did you mean sip-host-not-dynamic"):
        Selection(("sip-host-not-dinamic",)).verify(known)
    with pytest.raises(UsageProblem, match="no check 'nonsense'; 'cfglint rules' lists them"):
        Selection((), ("nonsense",)).verify(known)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("b-c", "did you mean a-b-c or c-b-d?"),
        ("contact-zero", "did you mean contacts-zero?"),
        ("z", "'cfglint rules' lists them"),
        ("many", "'cfglint rules' lists them"),
    ],
)
def test_what_was_probably_meant(name: str, hint: str) -> None:
    known = ["a-b-c", "c-b-d", "contacts-zero", *(f"many-{number}" for number in range(registry.MAX_SUGGESTIONS + 1))]
    assert str(registry.unknown(name, known)) == f"there is no check '{name}'; {hint}"
