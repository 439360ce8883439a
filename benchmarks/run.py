"""Measures cfglint beside other readers of the same file, and prints ratios.

    python benchmarks/run.py [--runs 11] [--endpoints 10000] [--asterisk COMMAND] [--script FILE] [--keep FOLDER]

Everything is installed afresh: cfglint as users have it (not editable) and asterisklint from PyPI, each into its own
environment. The whole process is measured, with os.wait4: CPU time (user and system) and peak memory. The contestants
of a row run by turns, so that a busy machine slows all of them; a ratio is the median of the ratios of neighbours, with
the span of the middle half behind it. Timings depend on the machine: read the ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import generate_kamailio
from generate import generate, repository

ROOT = Path(__file__).resolve().parent.parent

CONFIGPARSER = "import configparser, sys; configparser.RawConfigParser(strict=False).read(sys.argv[1])"
ASTERISKLINT = """
import sys
from asterisklint import FileConfigParser
parser = FileConfigParser()
parser.include(sys.argv[1])
for section in parser:
    pass
"""


class Cost(NamedTuple):
    """What one process took."""

    seconds: float
    """CPU time, user and system."""
    mebibytes: float
    """Peak of the resident memory."""


def measure(command: Sequence[str | Path]) -> Cost:
    """Run a command to its end."""
    with open(os.devnull, "r+b") as null:
        process = subprocess.Popen(list(map(str, command)), stdin=null, stdout=null, stderr=null, cwd="/")
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with exit code {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def by_turns(commands: Sequence[Sequence[str | Path]], runs: int) -> list[list[Cost]]:
    """The costs of each command; the first run of each only warms caches."""
    costs: list[list[Cost]] = [[] for _ in commands]
    for turn in range(runs + 1):
        for command, found in zip(commands, costs, strict=True):
            cost = measure(command)
            if turn:
                found.append(cost)
    return costs


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


class Table:
    """Prints rows as they come."""

    def __init__(self) -> None:
        print(f"{'what':<58} {'ratio':>7} {'middle half':>15} {'goal':>8}  {'medians'}")

    def row(self, what: str, ratios: Sequence[float], goal: str, medians: str) -> None:
        """One comparison."""
        low, middle, high = quartiles(ratios)
        print(f"{what:<58} {middle:>6.2f}x {low:>7.2f}-{high:<7.2f} {goal:>8}  {medians}", flush=True)


def environment(folder: Path, *packages: str | Path) -> Path:
    """A fresh virtual environment with packages; returns its interpreter."""
    print(f"installing {', '.join(Path(package).name for package in packages)}", file=sys.stderr)
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(list(map(str, install)), check=True, cwd=folder)
    return python


def compare(
    table: Table, what: str, goal: str, runs: int, ours: list[str | Path], theirs: list[str | Path], memory: str = ""
) -> None:
    """A row of time, and one of memory if there is a goal for it."""
    mine, yard = by_turns([ours, theirs], runs)
    for value, aim, unit, label in (
        (lambda cost: cost.seconds * 1000, goal, "ms", what),
        (lambda cost: cost.mebibytes, memory, "MiB", f"{what}, peak memory"),
    ):
        _row(table, label, aim, unit, mine, yard, value)


def _row(
    table: Table, what: str, goal: str, unit: str, mine: list[Cost], yard: list[Cost], value: Callable[[Cost], float]
) -> None:
    if goal:
        ratios = [value(one) / value(other) for one, other in zip(mine, yard, strict=True)]
        medians = " : ".join(f"{statistics.median(map(value, costs)):.0f}" for costs in (mine, yard))
        table.row(what, ratios, goal, f"{medians} {unit}")


def scaling(
    table: Table, runs: int, check: Callable[[Path], list[str | Path]], files: tuple[Path, Path, Path], factor: float
) -> None:
    """How the time grows with the file, start-up (a file with one endpoint) taken off."""
    tiny, small, large = by_turns([check(path) for path in files], runs)
    ratios = [
        (c.seconds - a.seconds) / max(b.seconds - a.seconds, 1e-9) for a, b, c in zip(tiny, small, large, strict=True)
    ]
    medians = " : ".join(f"{statistics.median(cost.seconds for cost in costs) * 1000:.0f}" for costs in (large, small))
    goal = f"<= {factor * 1.05:.1f}x"
    table.row(f"{factor:.0f} times the endpoints, start-up taken off", ratios, goal, f"{medians} ms")


def kamailio(
    table: Table, folder: Path, runs: int, command: Path, both: list[str | Path], script: Path, lines: int
) -> None:
    """The rows of kamailio.cfg: a script as it is shipped, and a long one; beside the server's own parser where there
    is one."""
    server = shutil.which("kamailio")
    large = folder / "kamailio.cfg"
    large.write_text("".join(generate_kamailio.generate(lines)))
    check: list[str | Path] = [command, "check", "--no-config", "--exit-zero"]
    if script.exists():
        compare(table, f"check {script.name} : import click, lark", "<= 1.3x", 3 * runs, [*check, script], both)
    if script.exists() and server is not None:
        load: list[str | Path] = [server, "-c", "-f", script]
        compare(table, f"check {script.name} : kamailio -c", "<= 12x", runs, [*check, script], load)
    if server is not None:
        load = [server, "-M", "64", "-c", "-f", large]
        compare(table, f"check kamailio.cfg of {lines} lines : kamailio -c", "<= 6x", runs, [*check, large], load)


def main() -> None:
    """Install, generate, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=11, help="pairs per row, at least 9 [11]")
    arguments.add_argument("--endpoints", type=int, default=10_000, help="[10000]")
    arguments.add_argument(
        "--asterisk", help="a shell command that loads FILE and ends, for the row of the real server"
    )
    arguments.add_argument(
        "--script",
        type=Path,
        default=Path("/etc/kamailio/kamailio.cfg"),
        help="the script that Kamailio's package brings [/etc/kamailio/kamailio.cfg]",
    )
    arguments.add_argument("--lines", type=int, default=20_000, help="of a long kamailio.cfg [20000]")
    arguments.add_argument("--keep", help="work in this folder, and keep it")
    given = arguments.parse_args()
    runs = max(given.runs, 9)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(given.keep or temporary).resolve()
        folder.mkdir(exist_ok=True)
        ours = environment(folder / "cfglint", ROOT)
        theirs = environment(folder / "asterisklint", "asterisklint")
        files = []
        for count in (1, max(given.endpoints // 10, 2), given.endpoints):
            path = folder / str(count) / "pjsip.conf"
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in generate(count)))
            files.append(path)
        large = files[-1]
        command = ours.with_name("cfglint")
        size, load = large.stat().st_size / 1e6, os.getloadavg()[0]
        print(f"{given.endpoints} endpoints, {size:.1f} MB; {runs} pairs; {os.cpu_count()} cores; load {load:.1f}")

        def check(path: Path) -> list[str | Path]:
            return [command, "check", "--no-config", "--exit-zero", path]

        table = Table()
        compare(
            table, "check : configparser", "<= 0.9x", runs, check(large), [ours, "-c", CONFIGPARSER, large], "<= 1.0x"
        )
        compare(
            table, "check : asterisklint parsing", "<= 0.5x", runs, check(large), [theirs, "-c", ASTERISKLINT, large]
        )
        if given.asterisk:
            shell: list[str | Path] = ["sh", "-c", given.asterisk.replace("FILE", str(large))]
            compare(table, "check : Asterisk loading", "<= 0.35x", runs, check(large), shell)
        scaling(table, runs, check, (files[0], files[1], files[2]), files[2].stat().st_size / files[1].stat().st_size)
        click: list[str | Path] = [ours, "-c", "import click"]
        compare(table, "--version : import click", "<= 1.15x", 3 * runs, [command, "--version"], click)
        both: list[str | Path] = [ours, "-c", "import click, lark"]
        compare(table, "check one endpoint : import click, lark", "<= 1.5x", 3 * runs, check(files[0]), both)
        kamailio(table, folder, runs, command, both, given.script, given.lines)
        # As many edits as endpoints: every mailbox's option misspelt.
        broken = folder / "broken" / "pjsip.conf"
        broken.parent.mkdir(exist_ok=True)
        broken.write_text(large.read_text().replace("\nmailboxes = ", "\nmailboxs = "))
        fix: list[str | Path] = [command, "fix", "--no-config", "--unsafe", broken]
        compare(table, "fix every endpoint : check", "<= 2.5x", runs, fix, check(broken))
        # What a hook takes more than checking the tree does: finding it.
        for trees, count in ((1, 200), (10, 20), (20, 10)):
            top = folder / f"repository-{trees}"
            repository(top, trees, count)
            tree = top / f"office{trees // 2}"
            hook: list[str | Path] = [command, "check", "--exit-zero", "--within", top, tree / "pjsip.d" / "3.conf"]
            what = f"hook, {trees} x {count} files : check of the tree"
            compare(table, what, "<= 1.5x", 3 * runs, hook, check(tree))


if __name__ == "__main__":
    main()
