"""Judges mutated files, counts them, and keeps those for which something does not hold.

    python -m tests.fuzz.mutate [FOLDER...] [--inputs N] [--seed N] [--jobs N] [--ledger FILE] [--keep FOLDER]
    python -m tests.fuzz.mutate --again [--ledger FILE] [--keep FOLDER]
    python -m tests.fuzz.mutate --count [--ledger FILE]

FOLDER holds real files [fixtures]: Kamailio's are named ``.cfg``, Asterisk's ``.conf`` or ``.sample``. An input is a
piece of a real file, of at most 2 kB, with one to six changes (`mutations`); one of a hundred is made of a whole file.
Each is checked, its exit code held against its report, and printed back; one of `THOROUGH` is also shown in another
format, traced, and, where there is something to fix, fixed (`properties`).

The same seed makes the same inputs of the same files; without one it is the next that no run of the ledger had, so that
every run goes on where the last one ended, also one that was broken off. ``--jobs`` runs so many processes, a seed
each. The ledger [tests/fuzz/tally.jsonl] is written after every thousand inputs.

What is bad is kept, and stays in the count of its run. ``--again`` judges the kept inputs anew: the ledger tells how
many of a run's bad ones hold by now (``mended``).
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import json
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from random import Random

from tests.fuzz.mutations import Mutator, words
from tests.fuzz.properties import NAMES, Broken, bound_memory, hold, judged_quickly

COMPANIONS = {
    "a.conf": "[a](!)\ntype=endpoint\n[b](a)\nauth=b\n#include a.conf\n",
    "acl.conf": "[a]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
    "a.cfg": '#!define A "a\ninclude_file "a.cfg"\nroute[Z] { exit; }\n',
}
"""Beside the mutated file, for its includes."""

TALLY = Path(__file__).parent / "tally.jsonl"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

LARGEST_SEED = 100_000

THOROUGH = 33
"""Of so many inputs one is not only checked but also fixed, traced and shown."""

STRANGE = 0.1
"""So many of the inputs for one of Asterisk's files are made of the other's."""

ENOUGH = 200
"""A run ends when so many inputs were bad: something has to be mended first."""


def seeds(folders: Iterable[str]) -> dict[str, list[bytes]]:
    """The real files, by the name under which they are judged."""
    found: dict[str, list[bytes]] = {name: [] for name in NAMES}
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and path.stat().st_size <= LARGEST_SEED:
                if path.suffix == ".cfg":
                    found["kamailio.cfg"].append(path.read_bytes())
                elif path.suffix in (".conf", ".sample"):
                    found["pjsip.conf" if "pjsip" in path.name else "sip.conf"].append(path.read_bytes())
    return {name: files for name, files in found.items() if files}


def inputs_of(folders: list[str], seed: int) -> Iterator[tuple[str, bytes]]:
    """Without end: the name and the content of a file to judge."""
    random = Random(seed)
    mutators = {
        name: Mutator(files, words("kamailio" if name == "kamailio.cfg" else "asterisk"), random)
        for name, files in seeds(folders).items()
    }
    asterisk = [name for name in mutators if name != "kamailio.cfg"]
    while True:
        name = random.choice(sorted(mutators))
        data = mutators[name].make()
        yield (random.choice(asterisk) if name in asterisk and random.random() < STRANGE else name), data


def judge(folders: list[str], inputs: int, seed: int, keep: Path, ledger: Path) -> int:
    """The number of inputs for which something does not hold."""
    bound_memory()
    causes: Counter[str] = Counter()
    begin, run = time.monotonic(), int(time.time())
    with judging() as judged:
        for number, (file, data) in enumerate(inputs_of(folders, seed), start=1):
            cause = judged(file, data, number)
            if cause is not None:
                causes[cause] += 1
                kept = report(keep, f"{seed}-{number}-{file}", data)
                if causes[cause] == 1:
                    print(f"{kept}: {cause}", flush=True)
            ends = number == inputs or causes.total() == ENOUGH
            if number % 1000 == 0 or ends:
                spent = round(time.monotonic() - begin)
                note(ledger, {"run": run, "seed": seed, "inputs": number, "bad": causes.total(), "seconds": spent})
            if ends:
                break
    for cause, times in causes.items():
        print(f"seed {seed}, {times} times: {cause}")
    return causes.total()


@contextmanager
def judging() -> Iterator[Callable[[str, bytes, int], str | None]]:
    """What judges the input of a number: None, or what does not hold."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as name:
        folder = Path(name)
        for companion, text in COMPANIONS.items():
            (folder / companion).write_text(text)

        def judged(file: str, data: bytes, number: int) -> str | None:
            try:
                if number % THOROUGH == 0:
                    hold(folder, file, data, number // THOROUGH)
                else:
                    judged_quickly(folder, file, data, number)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                return signature(error)
            finally:
                for path in folder.iterdir():
                    if path.name not in COMPANIONS:
                        path.unlink()
            return None

        for file in NAMES:  # loads what is loaded only when it is needed, which then need not be looked through
            judged(file, b"", 0)
        gc.freeze()
        yield judged


def signature(error: Exception) -> str:
    """What tells one defect from another."""
    if isinstance(error, Broken):
        return f"{traceback.extract_tb(error.__traceback__)[-2].name}: {str(error)[:150]}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(last.filename)}, line {last.lineno}"


def report(keep: Path, name: str, data: bytes) -> Path:
    """Keep an input."""
    keep.mkdir(parents=True, exist_ok=True)
    (keep / name).write_bytes(data)
    return keep / name


def again(keep: Path, ledger: Path) -> int:
    """Judge the kept inputs anew, and note and remove those that hold by now; the number of the others."""
    bound_memory()
    bad = 0
    with judging() as judged:
        for path in sorted(keep.iterdir()):
            seed, number, file = path.name.split("-", 2)
            cause = judged(file, path.read_bytes(), int(number))
            if cause is not None:
                bad += 1
                print(f"{path}: {cause}")
                continue
            line = next(line for line in reversed(entries(ledger)) if line["seed"] == int(seed))
            note(ledger, line | {"mended": line.get("mended", 0) + 1})
            path.unlink()
    return bad


def note(ledger: Path, line: dict[str, int]) -> None:
    """A run's line in the ledger, in place of its earlier one, of which stays what is not said anew. ``run`` is when it
    began."""
    with open(ledger, "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # several processes write it
        same = {"run": line["run"], "seed": line["seed"]}.items()
        lines = entries(ledger)
        place = next((place for place, old in enumerate(lines) if same <= old.items()), len(lines))
        lines[place : place + 1] = [{**old, **line} for old in lines[place : place + 1] or [{}]]
        file.truncate(0)
        file.write("".join(json.dumps(line) + "\n" for line in lines))


def entries(ledger: Path) -> list[dict[str, int]]:
    """The lines of earlier runs."""
    return [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []


def next_seed(ledger: Path) -> int:
    """The first seed behind all that were used."""
    return max((line["seed"] for line in entries(ledger)), default=-1) + 1


def count(ledger: Path) -> str:
    """The sum of the ledger."""
    runs = entries(ledger)
    inputs, bad, mended = (sum(run.get(what, 0) for run in runs) for what in ("inputs", "bad", "mended"))
    return f"{inputs} inputs in {len(runs)} runs; {bad} were bad, of which {mended} hold by now"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", default=[str(FIXTURES)])
    parser.add_argument("--inputs", type=int, default=10_000, help="For each process.")
    parser.add_argument("--seed", type=int, help="Of the first process; each other has the next.")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--ledger", type=Path, default=TALLY)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--count", action="store_true", help="Only sum up the ledger.")
    parser.add_argument("--again", action="store_true", help="Only judge what was kept.")
    options = parser.parse_args()
    if options.count:
        print(count(options.ledger))
        return
    if options.again:
        sys.exit(again(options.keep, options.ledger) > 0)
    first = next_seed(options.ledger) if options.seed is None else options.seed

    def work(seed: int) -> None:
        sys.exit(judge(options.folders, options.inputs, seed, options.keep, options.ledger) > 0)

    processes = [get_context("fork").Process(target=work, args=(seed,)) for seed in range(first, first + options.jobs)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    sys.exit(any(process.exitcode for process in processes))


if __name__ == "__main__":
    main()
