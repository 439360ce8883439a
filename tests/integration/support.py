"""A copy of the project as it is now, and programs run in scratch folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"

NO_NETWORK = re.compile(
    r"No matching distribution found|Temporary failure in name resolution|Max retries exceeded|NewConnectionError"
    r"|Network is unreachable"
)
"""What pip says where it cannot fetch what a package is built with."""


def copy_project(to: Path) -> None:
    """The project's files, without what git ignores."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", "venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, to, ignore=ignored)


def run(command: Sequence[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program, both of its outputs together, with nothing of the user's own settings of git."""
    names = {"PATH", "LANG", "LC_ALL", "TMPDIR"} | {name for name in os.environ if name.startswith(("PIP_", "SSL_"))}
    kept = {name: os.environ[name] for name in names if name in os.environ}
    home = {"HOME": str(cwd), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**kept, **home, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )


def git(folder: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run git in a scratch repository."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main")
    return run(["git", *identity, *arguments], folder, **environment)


def commit_all(folder: Path, message: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Commit whatever is in a scratch repository."""
    git(folder, "add", "--all")
    return git(folder, "commit", "--quiet", "--message", message, **environment)


def new_repository(folder: Path) -> str:
    """Make a repository of a folder; returns the first commit."""
    assert git(folder, "init", "--quiet").returncode == 0
    done = commit_all(folder, "first")
    assert done.returncode == 0, done.stdout
    return git(folder, "rev-parse", "HEAD").stdout.strip()
