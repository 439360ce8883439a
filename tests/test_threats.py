"""The lines of docs/threat-model.md that no other test holds; and that every line names tests there are."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import walk_packages

import pytest

import cfglint
from cfglint import registry
from tests.cli.support import run
from tests.fuzz.properties import time_limit

ROOT = Path(__file__).resolve().parent.parent

WATCHED = """
import json, os, sys
seen = []
QUIET = ("open", "os.listdir", "os.scandir", "import", "compile", "exec", "marshal.", "code.", "function.", "object.",
         "sys.", "gc.", "builtins.id", "cpython.", "setopencodehook", "fcntl.", "resource.", "time.sleep", "tempfile.")

def watch(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        seen.append([event, str(arguments[0])])
    elif not event.startswith(QUIET):
        seen.append([event, str(arguments)[:200]])

sys.argv = ["cfglint", *sys.argv[1:]]
from cfglint.cli import cli
sys.addaudithook(watch)
try:
    cli(prog_name="cfglint")
except SystemExit:
    pass
sys.stderr.write("\\n" + json.dumps(seen))
"""
"""Runs a command and tells which of what Python reports to its audit hooks (PEP 578) goes beyond reading."""

HOSTILE = {
    "asterisk.conf": "[options]\nexecincludes=yes\n",
    "sip.conf": "[general]\n#exec touch made\n[1001]\ntype=friend\nhost=dynamic\nsecert=`touch made`\n"
    "host $(touch made)\n",
    "pjsip.conf": '[global]\ntype=global\nuser_agent=${SHELL(touch made)}\n#exec "touch made"\n',
    "kamailio.cfg": '#!defenv X\nloadmodule "exec.so"\nloadmodule "/tmp/evil.so"\n'
    'modparam("app_python3", "load", "/x.py")\n'
    'request_route {\n exec_msg("touch made");\n $var(x) = $(ru{re.subst,/(a+)+$/b/});\n'
    ' if ($rU =~ "^((a*)*)*$") { sl_send_reply("403", "no"); }\n'
    ' http_client_query("http://127.0.0.1:1/", "$var(r)");\n}\n',
    "made.j2": "{{ cycler.__init__.__globals__.os.system('touch made') }}\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Files that would have something run."""
    for name, text in HOSTILE.items():
        if not name.endswith(".j2"):
            (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("fix", "--unsafe"),
        ("trace", "--invite", "a", "600"),
        ("show",),
    ],
    ids=" ".join,
)
def test_nothing_of_a_tree_is_run_and_nothing_is_written(tree: Path, command: tuple[str, ...]) -> None:
    for name in ("sip.conf", "pjsip.conf", "kamailio.cfg"):
        done = subprocess.run(
            [sys.executable, "-B", "-c", WATCHED, *command, str(tree / name), "--no-config"],
            capture_output=True,
            text=True,
            check=True,
            cwd=tree,
        )
        assert json.loads(done.stderr.rpartition("\n")[2]) == [], name
    assert not (tree / "made").exists()


def test_what_is_watched_would_be_seen(tmp_path: Path) -> None:
    program = WATCHED.replace("from cfglint.cli import cli", "def cli(**_):\n    os.system('true'); open('made', 'w')")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert [event for event, _ in json.loads(done.stderr.rpartition("\n")[2])] == ["os.system", "open"]


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch made']\n",
        "targets: !!python/object/apply:os.system ['touch made']\n",
        "ignore: &a [*a]\n",
        "a: &a [x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nignore: *c\n",
    ],
)
def test_yaml_makes_nothing_but_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sip.conf").write_text("[general]\n")
    (tmp_path / ".cfglint.yaml").write_text(text)
    result = run("check", "sip.conf")
    assert result.exit_code == 2
    assert result.stderr.startswith("cfglint: .cfglint.yaml:")
    assert not (tmp_path / "made").exists()


def test_the_collection_takes_nothing_private_from_elsewhere(tmp_path: Path) -> None:
    path = ROOT / "ansible" / "plugins" / "module_utils" / "tree.py"
    spec = spec_from_file_location("tree", path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "tree").mkdir()
    for name, mode in {"tree/own.conf": 0o600, "private.conf": 0o600, "linked.conf": 0o600, "open.conf": 0o644}.items():
        (tmp_path / name).write_text(name)
        (tmp_path / name).chmod(mode)
    (tmp_path / "tree" / "sip.conf").write_text("#include ../private.conf\n#include ../open.conf\n")
    (tmp_path / "tree" / "link.conf").symlink_to("../linked.conf")
    taken = {os.path.basename(name) for name in module.Tree([str(tmp_path / "tree")]).files}
    assert taken == {"sip.conf", "own.conf", "open.conf"}


def sources() -> Iterator[Path]:
    """Every module, and the collection's."""
    for folder in ("cfglint", "checks", "ansible"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_nothing_is_unpickled_unpacked_or_evaluated() -> None:
    barred = {"pickle", "marshal", "shelve", "dill", "cPickle"}
    calls = {"eval", "exec", "extractall", "extract", "unpack_archive", "system", "popen"}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):
                names.append(node.module or "")
            assert not barred.intersection(names), path
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert called not in calls, f"{path}:{node.lineno}"


def expressions() -> dict[str, re.Pattern[str]]:
    """Every expression that a module of ours holds."""
    for found in walk_packages(cfglint.__path__, "cfglint."):
        if found.name != "cfglint.__main__":
            import_module(found.name)
    registry.every()
    expressions = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "cfglint":
            for value in vars(module).values():
                for one in value.values() if isinstance(value, dict) else [value]:
                    if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                        expressions[one.pattern] = one
    return expressions


LONG = 1200
ENDLESS = [
    piece * (LONG // len(piece))
    for piece in (
        "a", " ", "0", '"', "'", "\\", "(", "[", "{", "<", "$(", "a=", "a.", "a,", "a:", "sip:", "://a:", "\t ", ";--",
        "--;", "#!", "#!define ", "secret", "pas", "auth", "/*", "{{", "a@", "%", "[a](", "$var(", "=>", "\n", "\n ",
        "modparam(", "cfglint:", "1.", "::", "x\\\n",
    )
]  # fmt: skip


def test_no_expression_of_ours_takes_for_ever() -> None:
    """A bound against hanging: what takes a time that grows with the third power, or faster, would go beyond it. Where
    an expression is only tried at one place, that is the second."""
    found = expressions()
    assert len(found) > 50
    for pattern in found.values():
        with time_limit(10):
            for text in ENDLESS:
                pattern.search(text + "!")


def test_every_line_of_the_model_names_its_tests() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text()
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| Threat", "| ---"))]
    assert len(lines) > 15
    for line in lines:
        named = re.findall(r"`((?:tests/|\.ci/)[^`]+)`", line.rpartition("|")[0].rpartition("|")[2])
        assert named, line
        for name in named:
            file, _, function = name.partition("::")
            assert (ROOT / file).is_file(), name
            if function:
                found = {
                    n.name for n in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(n, ast.FunctionDef)
                }
                assert function in found, name


def test_what_continuous_integration_installs_is_pinned_with_hashes() -> None:
    text = (ROOT / ".ci" / "requirements.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) > 20
    for line in lines:
        assert re.match(r"[\w.\[\]-]+==\S+ ", line), line
        assert " --hash=sha256:" in line
    names = {re.split(r"[=\[]", line)[0].lower() for line in lines}
    project = (ROOT / "pyproject.toml").read_text()
    wanted = {name.lower() for name in re.findall(r'"([A-Za-z][\w.-]*)(?:\[[\w,]+\])?>=', project)}
    assert {name.replace(".", "-") for name in wanted} <= {name.replace(".", "-") for name in names}
    assert "--require-hashes" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.skipif(os.name != "posix", reason="full devices are Linux'")
@pytest.mark.parametrize("command", [("--version",), ("rules",), ("check", "--help")])
def test_a_full_disk_is_said_so(command: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cfglint", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("cfglint: standard output: cannot be written: No space left on device")
    assert done.stderr.count("\n") == 1
