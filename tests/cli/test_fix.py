from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cfglint import registry
from cfglint.check import Check
from tests.cli.support import run, start
from tests.support import write_tree

SAFE_BAD = "[1001]\ntype=friend\nhost=dynamic\nx=safe\n"
UNSAFE_BAD = "[1001]\ntype=friend\nhost=dynamic\nx=unsafe\n"
MENDED = "[1001]\ntype=friend\nhost=dynamic\nx=good\n"

CHECK = '''"""x is not good.

Why it matters: it is a test.

Fix: make it good.
"""
from cfglint.check import Check
from cfglint.edits import Fix, replace
from cfglint.findings import Defect

EXAMPLES = []


def find(config):
    for section in config.sections:
        for option in section.options:
            if option.name == "x" and option.value != "good":
                yield Defect(option.place, f"x is {option.value}", subject=option)


def fix(option):
    if option.value == "hopeless":
        return None
    return Fix("make it good", (replace(option.value_place, "good"),), option.value)


CHECK = Check(find, "warning", "load", fix)
'''


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and a check that stands in for all others."""
    module = ModuleType("x")
    exec(CHECK, module.__dict__)
    assert isinstance(module.CHECK, Check)
    registered = registry.Registered("conf-x", "conf", module.CHECK, module)
    monkeypatch.setattr(registry, "family", lambda name: (registered,) if name == "conf" else ())
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_nothing_to_fix(here: Path) -> None:
    write_tree(here, {"sip.conf": MENDED})
    result = run("fix", ".", "--no-config")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing to fix\n")


def test_a_patch_is_printed(here: Path) -> None:
    write_tree(here, {"etc/sip.conf": SAFE_BAD})
    result = run("fix", "etc", "--no-config")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- a/etc/sip.conf\n+++ b/etc/sip.conf\n@@ -1,4 +1,4 @@ conf-x\n"
        " [1001]\n type=friend\n host=dynamic\n-x=safe\n+x=good\n"
    )
    assert (here / "etc/sip.conf").read_text() == SAFE_BAD
    subprocess.run(["git", "apply", "-"], input=result.stdout_bytes, check=True)
    assert (here / "etc/sip.conf").read_text() == MENDED


def test_unsafe_fixes_only_when_asked_for(here: Path) -> None:
    write_tree(here, {"sip.conf": UNSAFE_BAD})
    result = run("fix", ".", "--no-config")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "+x=good" in run("fix", ".", "--no-config", "--unsafe").stdout


def test_selected_fixes_only(here: Path) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD})
    assert run("fix", ".", "--no-config", "--ignore", "conf-x").output == "nothing to fix\n"


def test_writing(here: Path) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD, "pjsip.conf": SAFE_BAD})
    result = run("fix", ".", "--no-config", "--write")
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(result.stderr.splitlines()) == ["fixed pjsip.conf", "fixed sip.conf"]
    assert (here / "sip.conf").read_text() == (here / "pjsip.conf").read_text() == MENDED
    assert sorted(os.listdir(here)) == ["pjsip.conf", "sip.conf"]
    assert run("fix", ".", "--no-config", "--write").output == "nothing to fix\n"


def test_writing_with_a_backup(here: Path) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD})
    result = run("fix", "sip.conf", "--no-config", "--write", "--backup")
    assert result.stderr == "kept sip.conf.bak\nfixed sip.conf\n"
    assert (here / "sip.conf.bak").read_text() == SAFE_BAD


def test_what_remains_counts_and_is_told(here: Path) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD + "x=hopeless\nx=unsafe\n"})
    result = run("fix", ".", "--no-config", "--write")
    assert (result.exit_code, result.stderr) == (1, "fixed sip.conf\nleft: 2 warnings; --unsafe would mend 1\n")
    assert run("fix", ".", "--no-config", "--unsafe").stderr == "left: 1 warning\n"
    assert run("fix", ".", "--no-config", "--write", "--fail-on", "error").exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--backup",), "--backup goes with --write"),
        (
            ("--write", "--overlay", "sip.conf=new"),
            "--write needs files to write to: it does not go with --overlay, --archive or PATH '-'",
        ),
    ],
)
def test_options_that_do_not_fit(here: Path, options: tuple[str, ...], message: str) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD, "new": SAFE_BAD})
    result = run("fix", ".", "--no-config", *options)
    assert (result.exit_code, result.stderr) == (2, f"cfglint: {message}\n")
    assert (here / "sip.conf").read_text() == SAFE_BAD


def test_standard_input(here: Path) -> None:
    result = run("fix", "-", "--stdin-filename", "sip.conf", "--no-config", stdin=SAFE_BAD.encode())
    assert result.exit_code == 1
    assert "+x=good" in result.stdout
    assert run("fix", "-", "--stdin-filename", "sip.conf", "--no-config", "--write", stdin=b"").exit_code == 2


def test_an_overlay_is_patched_as_the_file_it_stands_for(here: Path) -> None:
    write_tree(here, {"sip.conf": MENDED, "new": SAFE_BAD})
    assert "--- a/sip.conf\n" in run("fix", ".", "--no-config", "--overlay", "sip.conf=new").stdout


def test_the_patch_goes_to_a_file(here: Path) -> None:
    write_tree(here, {"sip.conf": SAFE_BAD})
    result = run("fix", ".", "--no-config", "-o", "patch")
    assert (result.exit_code, result.output) == (1, "")
    assert "+x=good" in (here / "patch").read_text()


def test_bytes_that_are_not_utf8_stay_as_they_are(here: Path) -> None:
    (here / "sip.conf").write_bytes(b"[\xe9\xff]\nx=safe ; \xe9")
    result = run("fix", ".", "--no-config")
    subprocess.run(["git", "apply", "-"], input=result.stdout_bytes, check=True)
    assert (here / "sip.conf").read_bytes() == b"[\xe9\xff]\nx=good ; \xe9"


def test_a_file_in_two_trees(here: Path) -> None:
    write_tree(here, {"common.conf": "x=safe\nx=unsafe\n", "a/sip.conf": "[a]\n#include ../common.conf\n"})
    write_tree(here, {"b/pjsip.conf": "[b]\n#include ../common.conf\n"})
    result = run("fix", ".", "--no-config", "--unsafe", "--write")
    assert (result.exit_code, result.stderr) == (0, "fixed common.conf\n")
    assert (here / "common.conf").read_text() == "x=good\nx=good\n"


def test_what_cannot_be_read(here: Path) -> None:
    write_tree(here, {"a/sip.conf": SAFE_BAD, "b/sip.conf": ""})
    result = run("fix", ".", "--no-config", "--write")
    assert result.exit_code == 2
    assert "b/sip.conf:1: is empty: there is nothing to check" in result.stderr
    assert (here / "a/sip.conf").read_text() == MENDED


def test_as_a_process(here: Path) -> None:
    write_tree(here, {"sip.conf": "[1001]\ntype=friend\nhost dynamic\n"})
    result = start("fix", "sip.conf", "--no-config", "--select", "conf-no-equals", cwd=here)
    assert (result.returncode, result.stdout, result.stderr) == (1, b"", b"left: 1 warning; --unsafe would mend 1\n")


# ------------------------------------------------------------------------------------------------------ what is refused


def test_a_copy_that_the_server_would_read_is_not_made(here: Path) -> None:
    write_tree(here, {"sip.conf": "[general]\n#include phones/*\n", "phones/a.conf": SAFE_BAD})
    result = run("fix", ".", "--no-config", "--write", "--backup")
    assert result.exit_code == 2
    assert result.stderr == (
        "cfglint: phones/a.conf.bak: the pattern of an include would read this copy, too; leave --backup off;"
        " nothing was changed\n"
    )
    assert sorted(os.listdir(here / "phones")) == ["a.conf"]
    write_tree(here, {"sip.conf": "[general]\n#include phones/*.conf\n"})
    assert run("fix", ".", "--no-config", "--write", "--backup").exit_code == 0


@pytest.mark.parametrize("markup", ["; {{ phones }}", "{% for phone in phones %}"])
def test_templates_are_left_alone(here: Path, markup: str) -> None:
    text = SAFE_BAD + f"; {markup}\n"
    write_tree(here, {"sip.conf": text, "pjsip.conf": SAFE_BAD})
    result = run("fix", ".", "--no-config", "--write")
    assert (
        "cfglint: sip.conf:4: not fixed, as the file is a template, and the server reads what is made of it [conf-x]"
        in result.stderr.splitlines()
    )
    assert result.exit_code == 1
    assert (here / "sip.conf").read_text() == text
    assert (here / "pjsip.conf").read_text() == MENDED


IN_A_NAMESPACE = ["unshare", "--mount", "--propagation", "private", "sh", "-ec"]


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="only root mounts file systems")
@pytest.mark.parametrize(
    ("mount", "message"),
    [
        ("mount -t tmpfs none etc && cp -r tree/. etc && mount -o remount,ro etc", "Read-only file system"),
        ("mount -t tmpfs -o size=16k none etc && cp -r tree/. etc", "No space left on device"),
    ],
)
def test_file_systems_that_take_nothing(here: Path, mount: str, message: str) -> None:
    account = "[{}]\ntype=friend\nsecret=s3cret\n{}"
    files = {"sip.conf": account.format(1001, "")}
    if "size" in mount:
        files["sip.conf"] += "; " + "x" * 7000 + "\n"
        files |= {"pjsip.conf": "; " + "x" * 7000 + "\n[a]\n"}
    write_tree(here, {f"tree/{name}": text for name, text in files.items()})
    (here / "etc").mkdir()
    script = (
        f'{mount}; set +e; {sys.executable} -m cfglint fix --unsafe --write etc/sip.conf; echo "exit code $?";'
        " ls -A etc; diff -r tree etc"
    )
    result = subprocess.run([*IN_A_NAMESPACE, script], cwd=here, capture_output=True, text=True, check=False)
    if "mount" in result.stderr:
        pytest.skip(result.stderr)
    assert result.stderr == f"cfglint: etc/sip.conf: cannot be written: {message}; nothing was changed\n"
    assert result.stdout.split() == ["exit", "code", "2", *sorted(files)]
