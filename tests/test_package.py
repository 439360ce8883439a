"""What is packed is what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import cfglint

if sys.version_info >= (3, 11):
    import tomllib

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"cfglint": "cfglint", "cfglint.grammars": "grammars", "cfglint.checks": "checks"}


def project() -> dict[str, Any]:
    if sys.version_info < (3, 11):
        pytest.skip("needs tomllib")
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def packages() -> set[str]:
    """Every folder that holds modules, by the name it is imported as."""
    found = set()
    for package, folder in FOLDERS.items():
        for path in (ROOT / folder).rglob("*.py"):
            below = path.parent.relative_to(ROOT / folder).parts
            found.add(".".join((package, *below)))
    return found


def test_every_package_is_listed() -> None:
    setuptools = project()["tool"]["setuptools"]
    assert setuptools["package-dir"] == FOLDERS
    assert sorted(setuptools["packages"]) == sorted(packages())
    assert len(setuptools["packages"]) == len(set(setuptools["packages"]))


def test_every_package_has_its_init() -> None:
    for package in packages():
        for root, folder in sorted(FOLDERS.items(), key=lambda item: -len(item[0])):
            if package == root or package.startswith(f"{root}."):
                below = package[len(root) :].strip(".").replace(".", "/")
                assert (ROOT / folder / below / "__init__.py").is_file(), package
                break


def test_every_file_that_is_no_module_is_packed() -> None:
    data = project()["tool"]["setuptools"]["package-data"]
    for package, folder in FOLDERS.items():
        for path in (ROOT / folder).rglob("*"):
            if path.is_dir() or path.suffix in (".py", ".pyc") or "__pycache__" in path.parts:
                continue
            name = ".".join((package, *path.parent.relative_to(ROOT / folder).parts))
            assert any(path.match(pattern) for pattern in data.get(name, ())), path


def test_one_version() -> None:
    metadata = project()["project"]
    assert metadata["version"] == cfglint.__version__
    assert metadata["name"] == "sip-cfglint"
    assert re.fullmatch(r"\d+\.\d+\.\d+", cfglint.__version__)


def test_only_three_dependencies() -> None:
    names = {re.split(r"[<>=! ]", requirement)[0] for requirement in project()["project"]["dependencies"]}
    assert names == {"click", "lark", "ruamel.yaml"}


def test_the_command_is_the_entry_point() -> None:
    assert project()["project"]["scripts"] == {"cfglint": "cfglint.__main__:main"}


def test_it_is_typed() -> None:
    assert (ROOT / "cfglint" / "py.typed").is_file()


def test_it_runs_from_a_zip_archive(tmp_path: Path) -> None:
    """Grammar, knowledge and checks are read through their loaders, never as files beside the code."""
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for package, folder in FOLDERS.items():
            for path in (ROOT / folder).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    archive.write(path, "/".join((*package.split("."), *path.relative_to(ROOT / folder).parts)))
    (tmp_path / "pjsip.conf").write_text("[a]\ntype=endpoint\nsecret x\n")
    code = """
import sys
sys.path.insert(0, "all.zip")
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
from cfglint.__main__ import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "pjsip.conf", "--no-config"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "[conf-no-equals]" in done.stdout
