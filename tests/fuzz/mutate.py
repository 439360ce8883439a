"""Judges mutated files, counts them, and keeps those for which something does not hold.

    python -m tests.fuzz.mutate [FOLDER...] [--inputs N] [--seed N] [--ledger FILE] [--keep FOLDER]

FOLDER holds real files [fixtures]: ``.cfg`` is taken for Kamailio's, everything else for Asterisk's. The same seed
makes the same inputs of the same files; without one it is the next that no run of the ledger had, so that every run
goes on where the last one ended, also one that was broken off. The ledger [tests/fuzz/tally.jsonl] is written after
every thousand inputs; ``--count`` alone prints its sum.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.fuzz.mutations import Mutator, words
from tests.fuzz.properties import Broken, bound_memory, hold, judged_quickly

COMPANIONS = {
    "a.conf": "[a](!)\ntype=endpoint\n[b](a)\nauth=b\n#include a.conf\n",
    "acl.conf": "[a]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
    "a.cfg": '#!define A "a\ninclude_file "a.cfg"\nroute[Z] { exit; }\n',
}
"""Beside the mutated file, for its includes."""

TALLY = Path(__file__).parent / "tally.jsonl"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

LARGEST_SEED = 100_000

THOROUGH = 3
"""Of so many inputs one is not only checked but also fixed, traced and shown."""


def seeds(folders: Iterable[str]) -> dict[str, list[bytes]]:
    """The real files, by language."""
    found: dict[str, list[bytes]] = {"asterisk": [], "kamailio": []}
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.stat().st_size <= LARGEST_SEED:
                found["kamailio" if path.suffix == ".cfg" else "asterisk"].append(path.read_bytes())
    return found


def judge(folders: list[str], inputs: int, seed: int, keep: Path, ledger: Path) -> int:
    """The number of inputs for which something does not hold."""
    random = Random(seed)
    real = seeds(folders)
    mutators = {language: Mutator(files, words(language), random) for language, files in real.items() if files}
    bound_memory()
    known: dict[str, int] = {}
    bad = 0
    begin, run = time.monotonic(), int(time.time())
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:
        folder = Path(name)
        for companion, text in COMPANIONS.items():
            (folder / companion).write_text(text)
        for number in range(1, inputs + 1):
            language = random.choice(sorted(mutators))
            data = mutators[language].make()
            file = "kamailio.cfg" if language == "kamailio" else random.choice(("sip.conf", "pjsip.conf"))
            try:
                (hold if number % THOROUGH == 0 else judged_quickly)(folder, file, data, number)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                bad += 1
                cause = signature(error)
                known[cause] = known.get(cause, 0) + 1
                if known[cause] == 1:
                    report(keep, file, data, number, cause)
            for other in ("sip.conf", "pjsip.conf", "kamailio.cfg"):
                (folder / other).unlink(missing_ok=True)
            if number % 1000 == 0 or number == inputs:
                note(ledger, run, seed, number, bad, time.monotonic() - begin)
    for cause, times in known.items():
        print(f"{times} times: {cause}")
    return bad


def signature(error: Exception) -> str:
    """What tells one defect from another."""
    if isinstance(error, Broken):
        return f"{traceback.extract_tb(error.__traceback__)[-2].name}: {str(error)[:150]}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(last.filename)}, line {last.lineno}"


def report(keep: Path, file: str, data: bytes, number: int, cause: str) -> None:
    """Keep an input, under a name that says nothing twice."""
    keep.mkdir(parents=True, exist_ok=True)
    place = keep / f"{hashlib.sha256(data).hexdigest()[:12]}-{number}-{file}"
    place.write_bytes(data)
    print(f"input {number}: {cause}\n  kept as {place}", flush=True)


def note(ledger: Path, run: int, seed: int, inputs: int, bad: int, seconds: float) -> None:
    """This run's line in the ledger, in place of its earlier one. `run` is when it began."""
    lines = [line for line in entries(ledger) if (line["run"], line["seed"]) != (run, seed)]
    lines.append({"run": run, "seed": seed, "inputs": inputs, "bad": bad, "seconds": round(seconds)})
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines))


def entries(ledger: Path) -> list[dict[str, int]]:
    """The lines of earlier runs."""
    return [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []


def next_seed(ledger: Path) -> int:
    """The first seed behind all that were used."""
    return max((line["seed"] for line in entries(ledger)), default=-1) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--ledger", type=Path, default=TALLY)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--count", action="store_true", help="Only sum up the ledger.")
    options = parser.parse_args()
    if options.count:
        runs = entries(options.ledger)
        print(f"{sum(run['inputs'] for run in runs)} inputs in {len(runs)} runs, {sum(run['bad'] for run in runs)} bad")
        return
    seed = next_seed(options.ledger) if options.seed is None else options.seed
    folders = options.folders or [str(FIXTURES)]
    sys.exit(int(judge(folders, options.inputs, seed, options.keep, options.ledger) > 0))


if __name__ == "__main__":
    main()
