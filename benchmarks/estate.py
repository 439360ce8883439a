"""A directory of many trees, judged for the first time and again: python benchmarks/estate.py [TREES].

Prints the time of the processor (all processes together) and the largest memory of one for a run without a cache, the
first with one, and the second, and how the second compares. The trees are copies of the fixtures.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


def make(top: Path, count: int) -> None:
    """So many trees, each a copy of a fixture's."""
    cases = sorted(path.parent for path in FIXTURES.rglob("expected.txt"))
    for number in range(count):
        shutil.copytree(
            cases[number % len(cases)],
            top / f"site{number:04}",
            ignore=shutil.ignore_patterns("expected.txt", "fixed", ".cfglint.yaml"),
        )


def judge(top: Path, cache: Path, *options: str) -> tuple[float, float]:
    """Seconds of the processor and megabytes of a run."""
    process = os.fork()
    if not process:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.environ["XDG_CACHE_HOME"] = str(cache)
        os.execv(sys.executable, [sys.executable, "-m", "cfglint", "check", "--no-config", *options, str(top)])
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit("cfglint failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Three runs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        top, cache = Path(name) / "trees", Path(name) / "cache"
        cache.mkdir(mode=0o700)
        make(top, count)
        runs = {
            "without a cache": judge(top, cache, "--no-cache"),
            "first": judge(top, cache),
            "second": judge(top, cache),
        }
    for what, (seconds, megabytes) in runs.items():
        print(f"{what:16} {seconds:8.2f} s {megabytes:6.0f} MB  {seconds / runs['first'][0]:.3f}")


if __name__ == "__main__":
    main()
