"""The pages that docs/site.py makes: complete, and linked among each other."""

from __future__ import annotations

import importlib.util
import json
import posixpath
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

from cfglint import registry, symptoms
from cfglint.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent


def load(path: Path) -> ModuleType:
    """The generator, which is in no package."""
    spec = importlib.util.spec_from_file_location("site_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[str, str] = load(ROOT / "docs" / "site.py").pages()
WRITTEN = {path.name: path.read_text() for path in (ROOT / "docs").glob("*.md")}
ALL = {**WRITTEN, **PAGES}


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in registry.every()])
def test_a_page_for_each_check(registered: registry.Registered) -> None:
    text = PAGES[f"checks/{registered.id}.md"]
    assert f"\n# {registered.id}\n" in text
    assert "\n## Why it matters\n" in text
    assert "\n## Fix\n" in text
    assert f"[{registered.id}]\n" in text, "what cfglint prints of the example"
    assert "«" not in text
    assert "/nonexistent" not in text
    assert text.count("\n```") % 2 == 0
    assert f"[{registered.id}]({registered.id}.md)" in PAGES["checks/index.md"]


def test_links_lead_somewhere() -> None:
    for page, text in ALL.items():
        prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
        for target in re.findall(r"(?<!\\)\]\(((?!https?:)[^)#]*)(?:#[^)]*)?\)", prose):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(page), target)) in ALL, f"{page}: {target}"


def test_anchors_of_symptoms_exist() -> None:
    anchors = set(re.findall(r"\{#([\w-]+)\}", PAGES["symptoms.md"]))
    used = {anchor for text in PAGES.values() for anchor in re.findall(r"symptoms\.md#([\w-]+)", text)}
    assert used == anchors


def test_every_symptom_leads_to_its_checks() -> None:
    for name, found in symptoms.index(symptoms.every()).items():
        section = PAGES["symptoms.md"].partition(f"## {name} {{#")[2].partition("\n## ")[0]
        assert all(f"(checks/{check.registered.id}.md)" in section for check, _ in found), name


def test_every_message_leads_to_its_checks() -> None:
    rows = PAGES["log.md"].splitlines()
    for check in symptoms.every():
        for message in check.documentation.log:
            assert any(f"`{message}`" in row and f"(checks/{check.registered.id}.md)" in row for row in rows), message


def test_every_command_and_option() -> None:
    text = PAGES["commands.md"]
    assert [name for name in COMMANDS if f"\n## cfglint {name}\n" not in text] == []
    assert "| `-f`, `--format` `FORMAT[=FILE]` |" in text
    assert "_CFGLINT_COMPLETE=bash_source" in text


def test_every_setting() -> None:
    schema = json.loads(files("cfglint").joinpath("settings.schema.json").read_text())
    for name in schema["properties"]:
        assert f"\n### `{name}`\n" in PAGES["settings.md"]
    assert "per-path-ignores:" in PAGES["settings.md"], "the README's example"


@pytest.mark.parametrize("page", ["pre-commit.md", "ansible.md", "ci.md"])
def test_guides_come_from_the_readme(page: str) -> None:
    assert "```yaml" in PAGES[page]


COMMANDS_IN_GUIDES = re.findall(r"^cfglint .*", WRITTEN["first-run.md"], re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS_IN_GUIDES)
def test_commands_of_the_guide_parse(line: str) -> None:
    import shlex
    from importlib import import_module

    _, name, *arguments = shlex.split(line)
    import_module(f"cfglint.cli.{name.replace('-', '_')}").command.make_context(name, arguments)


def test_mkdocs_takes_it_strictly(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="the extra 'docs' is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loading = re.compile(r'<(?:script|link|img|iframe)[^>]* (?:src|href)="(?:https?:)?//')
    assert not [path for path in (tmp_path / "site").rglob("*.html") if loading.search(path.read_text())]
