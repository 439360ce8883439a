"""Running commands: through click's runner, or as a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from cfglint.cli import cli

BAD = "[1001]\ntype=friend\nhost dynamic\n"
"""A file with one finding, a warning of conf-no-equals."""
GOOD = "[general]\nbindport=5060\n"

ONLY = ("--select", "conf-no-equals", "--no-config")
"""Options that make a run's outcome depend on nothing but one check."""


def run(*arguments: str | Path, stdin: bytes | None = None, **environment: str) -> Result:
    """Run a command in this process. Anything but the exit of the command itself is an error of the test."""
    result = CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def start(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own."""
    safe_path = ["-P"] if sys.version_info >= (3, 11) else ["-I"]  # as the installed command has it
    return subprocess.run(
        [sys.executable, *safe_path, "-m", "cfglint", *arguments],
        cwd=cwd,
        input=stdin,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def one_message(stderr: str) -> str:
    """The only line on standard error, without the name of the command."""
    (line,) = stderr.splitlines()
    name, _, message = line.partition(": ")
    assert name == "cfglint"
    return message
