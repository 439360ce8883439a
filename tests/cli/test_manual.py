"""The manual page, and what the shell completes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from cfglint.cli import COMMANDS
from cfglint.cli.manual import SHELLS
from tests.cli.support import run, start


def test_every_command_and_option_is_in_the_manual() -> None:
    text = run("manual").stdout.replace("\\-", "-")
    for name in COMMANDS:
        command: click.Command = import_module(f"cfglint.cli.{name.replace('-', '_')}").command
        assert f"\n.SS cfglint {name}" in text
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(f"\\fB{option}\\fR" in text for option in parameter.opts)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_finds_nothing_to_warn_of() -> None:
    page = run("manual").stdout.encode()
    done = subprocess.run(["groff", "-ww", "-man", "-Tutf8"], input=page, capture_output=True, check=True)
    assert done.stderr == b""
    assert b"NO_COLOR" in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_for_each_shell(shell: str) -> None:
    done = start(_CFGLINT_COMPLETE=f"{shell}_source")
    assert done.returncode == 0
    assert b"cfglint" in done.stdout


def completed(*words: str) -> list[str]:
    done = start(
        _CFGLINT_COMPLETE="bash_complete", COMP_WORDS=" ".join(("cfglint", *words)), COMP_CWORD=str(len(words))
    )
    assert done.returncode == 0
    return done.stdout.decode().splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("sch",), ["plain,schema"]),
        (("check", "--exit"), ["plain,--exit-zero"]),
        (("explain", "pjsip-aor-max"), ["plain,pjsip-aor-max-contacts-zero"]),
        (("explain", "unused"), ["plain,unused-suppression"]),
        (("explain", "48"), ["plain,480", "plain,488"]),
        (("check", "--select", "acl,conf-no-eq"), ["plain,acl,conf-no-equals"]),
        (("check", "/etc/ast"), ["file,/etc/ast"]),
    ],
)
def test_what_is_completed(words: tuple[str, ...], expected: list[str]) -> None:
    assert completed(*words) == expected


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_in_bash(tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_bytes(start(_CFGLINT_COMPLETE="bash_source").stdout)
    program = tmp_path / "cfglint"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cfglint "$@"\n')
    program.chmod(0o755)
    words = 'COMP_WORDS=(cfglint explain pjsip-wiz); COMP_CWORD=2; _cfglint_completion cfglint; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"source {script}; {words}"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "pjsip-wizard-no-max-contacts\n"
