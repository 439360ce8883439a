"""What README and CONTRIBUTING say is true: outputs, commands, settings, comments, rooms."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cfglint import settings
from cfglint.cli import COMMANDS, cli
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.policy import PathIgnore
from tests.support import check_tree, write_tree

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    return next(text for kind, text in BLOCKS if kind == language and word in text)


def test_the_example_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command, _, output = block("console", "$ cfglint").partition("\n")
    result = CliRunner().invoke(cli, shlex.split(command)[2:])
    assert result.exit_code == 1
    assert output in result.stdout


COMMAND_LINES = [
    line
    for kind, text in BLOCKS
    for line in text.splitlines()
    if kind == "sh" and line.startswith("cfglint ") and "$(" not in line
]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_commands_parse(line: str) -> None:
    _, name, *arguments = shlex.split(line, comments=True)
    command: click.Command = import_module(f"cfglint.cli.{name.replace('-', '_')}").command
    command.make_context(name, arguments)


EXAMPLES = sorted((ROOT / "docs" / "examples").iterdir())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_shown_as_they_are(path: Path) -> None:
    """They are run by tests/integration."""
    assert path.read_text() in [text for _, text in BLOCKS] or f"(docs/examples/{path.name})" in README
    tests = "".join(test.read_text() for test in (ROOT / "tests" / "integration").glob("test_*.py"))
    assert f'"{path.name}"' in tests


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_no_example_is_shown_that_is_not_run(text: str) -> None:
    """What is YAML is the settings, an example, or the collection's, whose README is run."""
    shown = [path.read_text() for path in EXAMPLES]
    assert (
        "targets: {" in text or text in shown or f"```yaml\n{text}```" in (ROOT / "ansible" / "README.md").read_text()
    )


@pytest.mark.parametrize("word", ["--within", "--archive", "junit="])
def test_commands_elsewhere_parse(word: str) -> None:
    """Of a pipeline its last command."""
    line = block("sh", word).strip().rpartition("| ")[2].replace("$(git diff --name-only origin/main)", "x")
    _, name, *arguments = shlex.split(line)
    command: click.Command = import_module(f"cfglint.cli.{name.replace('-', '_')}").command
    command.make_context(name, arguments)


def test_every_command_is_shown() -> None:
    shown = {shlex.split(line)[1] for line in block("sh", "cfglint rules").splitlines()}
    assert shown == set(COMMANDS)


def test_the_settings_example_loads(tmp_path: Path) -> None:
    path = tmp_path / settings.FILE_NAME
    path.write_text(block("yaml", "targets"))
    loaded = settings.load(str(path), Files())
    assert loaded.targets == Targets(asterisk=(20, 20))
    assert loaded.ignore == ("pjsip-max-contacts-no-remove-existing",)
    assert (loaded.fail_on, loaded.installed_at, loaded.exclude) == ("error", "/etc/asterisk", ("lab/*",))
    assert loaded.levels == (("pjsip-identify-overlap", "error"),)
    assert loaded.per_path_ignores == (PathIgnore("pjsip.d/legacy-*.conf", ("pjsip", "acl")),)
    assert loaded.require_reasons
    assert loaded.baseline == str(tmp_path / ".cfglint-baseline.yaml")
    readable = {key.replace("-", "_") for key in re.findall(r"^([a-z-]+):", block("yaml", "targets"), re.MULTILINE)}
    assert readable | {"path", "select"} == set(settings.Settings._fields)


def test_the_suppression_example_works(tmp_path: Path) -> None:
    line = block("ini", "ignore[")
    phone = "[1]\ntype=endpoint\nallow=ulaw\naors=1\nauth=1\n[1]\ntype=auth\nusername=1\npassword=x\n"
    text = f"[udp]\ntype=transport\nbind=0.0.0.0\n{phone}[1]\ntype=aor\n{line}"
    write_tree(tmp_path, {"pjsip.conf": text})
    assert check_tree(tmp_path).findings == []
    write_tree(tmp_path, {"pjsip.conf": text.partition(";")[0] + "\n"})
    assert [f.check for f in check_tree(tmp_path).findings] == ["pjsip-max-contacts-no-remove-existing"]


def test_contributing_names_every_room() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text().partition("## The house")[2].partition("Two rooms")[0]
    rooms = [p.name for p in (ROOT / "cfglint").glob("*.py") if not p.name.startswith("__")]
    rooms += [f"{p.name}/" for p in (ROOT / "cfglint").iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    assert [room for room in rooms if room not in table] == []
