"""What a run costs, held without looking at a clock: imports, expressions compiled, tokens, and calls per object."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import generate, generate_kamailio
from cfglint import registry
from cfglint.discover import roots
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.settings import Settings
from cfglint.source import Source
from cfglint.syntax.asterisk import parse
from cfglint.trees import Tree, trees

SMALL, LARGE = 60, 600
GROWTH = 1.2
"""So much more than n times the calls may n times the text take."""

COMPILED = """
import json, sys
try:
    from re import _compiler as compiler
except ImportError:
    import sre_compile as compiler
import click
count, real = [], compiler.compile
def counted(pattern, flags=0):
    count.append(str(pattern))
    return real(pattern, flags)
compiler.compile = counted
import re
if hasattr(re, "_compiler"):
    re._compiler.compile = counted
sys.argv = ["cfglint", *sys.argv[1:]]
from cfglint.cli import cli
try:
    cli(prog_name="cfglint")
except SystemExit:
    pass
ours = sorted(name for name in sys.modules if name.startswith(("cfglint", "multiprocessing", "concurrent", "hashlib")))
sys.stderr.write("\\n" + json.dumps([count, ours]))
"""


def peers(count: int) -> str:
    """A sip.conf with a bit of everything."""
    lines = ["[general]", "context=default", "allowguest=no", "[phone](!)", "type=friend", "host=dynamic"]
    for number in range(count):
        lines += [f"[{number}](phone)", f"secret=x{number}", "nat=yes", "permit=10.0.0.0/8", "qualify=maybe"]
        lines += [
            f"[trunk{number}]",
            "type=peer",
            f"host=192.0.{number // 250}.{number % 250}",
            "insecure=very",
            "disallow=all",
        ]
    return "\n".join([*lines, ""])


def objects(count: int) -> str:
    """A pjsip.conf as it is made for benchmarks."""
    return "\n".join([*generate.generate(count), ""])


def script(count: int) -> str:
    """A kamailio.cfg as it is made for benchmarks, so many lines for each of the others' objects."""
    return "".join(generate_kamailio.generate(count * 10))


MADE: dict[str, Callable[[int], str]] = {"sip.conf": peers, "pjsip.conf": objects, "kamailio.cfg": script}


def growth(name: str) -> float:
    """How many times larger the large file is than the small one."""
    return len(MADE[name](LARGE)) / len(MADE[name](SMALL))


def tree(folder: Path, name: str, count: int) -> Tree:
    """A tree of so many objects."""
    folder.mkdir()
    (folder / name).write_text(MADE[name](count))
    files = Files()
    (found,) = trees(roots((str(folder),), files, Settings()), files, Targets(), None, [])
    return found


def calls(function: Callable[[], object]) -> int:
    """How many calls of functions, Python's own among them, it takes."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def judged(found: Tree) -> None:
    """Every check on every subject."""
    for family in found.check_families:
        for subject in found.subjects(family):
            for registered in registry.family(family):
                list(registered.check.find(subject))


@pytest.mark.parametrize("name", MADE)
def test_the_whole_run_is_linear(tmp_path: Path, name: str) -> None:
    judged(tree(tmp_path / "first", name, 1))  # imports
    small, large = (
        calls(lambda count=count: judged(tree(tmp_path / str(count), name, count)))  # type: ignore[misc]
        for count in (SMALL, LARGE)
    )
    assert large <= small * growth(name) * GROWTH


@pytest.mark.parametrize("name", MADE)
def test_every_check_is_linear(tmp_path: Path, name: str) -> None:
    costs: dict[str, list[int]] = {}
    for count in (SMALL, LARGE):
        found = tree(tmp_path / str(count), name, count)
        judged(found)  # what the model works out once is not a check's doing
        for family in found.check_families:
            for subject in found.subjects(family):
                for registered in registry.family(family):
                    cost = calls(lambda: list(registered.check.find(subject)))  # noqa: B023 - called at once
                    costs.setdefault(registered.id, []).append(cost)
    room = 2000  # what an index costs once
    too_much = {
        check: cost
        for check, cost in costs.items()
        if sum(cost[len(cost) // 2 :]) > sum(cost[: len(cost) // 2]) * growth(name) * GROWTH + room
    }
    assert too_much == {}


def compiled(path: Path) -> tuple[list[str], set[str]]:
    """What a check of a file compiles, and which modules it loads."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILED, "check", "--quiet", "--no-config", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    count, modules = json.loads(done.stderr.rpartition("\n")[2])
    return count, set(modules)


@pytest.mark.parametrize("name", MADE)
def test_expressions_are_few_and_none_is_compiled_for_an_object(tmp_path: Path, name: str) -> None:
    found: list[list[str]] = []
    for count in (SMALL, LARGE):
        path = tmp_path / str(count) / name
        path.parent.mkdir()
        path.write_text(MADE[name](count))
        found.append(compiled(path)[0])
    assert sorted(found[0]) == sorted(found[1])
    assert len(found[0]) < 120, "of all that a run needs; others may wait until they are needed"


@pytest.mark.parametrize("name", MADE)
def test_a_single_tree_loads_nothing_of_what_many_need(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(MADE[name](1))
    many = {"cfglint.estate", "cfglint.cache", "cfglint.record", "cfglint.witness", "multiprocessing", "concurrent"}
    assert many.isdisjoint(compiled(tmp_path / name)[1])


@pytest.mark.parametrize(("text", "most"), [(peers(SMALL), 2 * (2 * SMALL + 2) + 3), ("a=b\n" * 5000, 50)])
def test_tokens_are_few_and_large(text: str, most: int) -> None:
    """A section is two: its header, and its lines as one, or as one for each hundred."""
    assert len(parse(Source("sip.conf", text)).nodes) <= most


def test_calls_are_counted() -> None:
    def three() -> Any:
        return [len(()) for _ in range(3)]

    assert calls(three) >= 3
