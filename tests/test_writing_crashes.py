"""A process that dies while it writes, at every step there is, leaves each file whole: old or new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

DIES = 99
PROGRAM = f"""
import os, sys, tempfile
from cfglint.writing import Change, write

folder, at, backup = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "True"
steps = 0


def counted(function, halfway):
    def step(*arguments, **options):
        global steps
        steps += 1
        if steps == at:
            if halfway:
                function(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os._exit({DIES})
        return function(*arguments, **options)
    return step


for name in "open write close fsync fchmod fchown setxattr link replace unlink ftruncate".split():
    # A write to a new file may be cut off in the middle; one to a file that is in use is a single system call.
    setattr(os, name, counted(getattr(os, name), name == "write" and not folder.endswith("linked")))
names = sorted(name for name in os.listdir(folder) if name.endswith(".conf"))
changes = []
for name in names:
    path = os.path.join(folder, name)
    with open(path, "rb") as stream:
        before = stream.read()
    changes.append(Change(path, before, b"new " + before[4:] if name != "shorter.conf" else b"new\\n"))
write(changes, backup=backup)
"""


def run_until(folder: Path, step: int, backup: bool) -> int:
    command = [sys.executable, "-c", PROGRAM, str(folder), str(step), str(backup)]
    return subprocess.run(command, cwd="/", check=False).returncode


@pytest.mark.parametrize("backup", [False, True])
def test_killed_at_any_step(tmp_path: Path, backup: bool) -> None:
    old = {"longer.conf": b"old " + b"x" * 9000, "shorter.conf": b"old\n" * 50, "same.conf": b"old y"}
    new = {"longer.conf": b"new " + b"x" * 9000, "shorter.conf": b"new\n", "same.conf": b"new y"}
    for step in range(1, 200):
        folder = tmp_path / f"{step}"
        folder.mkdir()
        for name, content in old.items():
            (folder / name).write_bytes(content)
        ended = run_until(folder, step, backup)
        for name in old:
            assert (folder / name).read_bytes() in (old[name], new[name]), (step, name)
        if backup:
            copies = [path for path in folder.iterdir() if path.name.endswith(".bak")]
            replaced = [name for name in old if (folder / name).read_bytes() == new[name]]
            assert all((folder / f"{name}.bak").read_bytes() == old[name] for name in replaced), step
            assert len(copies) >= len(replaced)
        if ended == 0:
            break
        assert ended == DIES
    assert ended == 0
    assert step > 20, "there are many steps"
    assert {name: (folder / name).read_bytes() for name in old} == new
    assert [name for name in os.listdir(folder) if name.startswith(".")] == []


def test_killed_at_any_step_with_several_links(tmp_path: Path) -> None:
    """The other name of the file shows the same; when content gets shorter, blank lines may stay behind it."""
    for step in range(1, 200):
        folder = tmp_path / f"{step}-linked"
        folder.mkdir()
        (folder / "shorter.conf").write_bytes(b"old\n" * 50)
        os.link(folder / "shorter.conf", folder / "other")
        ended = run_until(folder, step, False)
        content = (folder / "shorter.conf").read_bytes()
        assert content in (b"old\n" * 50, b"new\n", b"new\n".ljust(200, b"\n")), step
        assert (folder / "other").read_bytes() == content
        if ended == 0:
            break
        assert ended == DIES
    assert (folder / "other").read_bytes() == b"new\n"
    assert [name for name in os.listdir(folder) if name.startswith(".")] == []
