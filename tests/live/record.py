"""Plays all cases on the servers that are there, and writes down what they answered and what follows from it.

    CFGLINT_SERVERS=DIRECTORY python -m tests.live.record [CHECK]...

With names of checks only these are played, and what is known of the others is kept.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests import proof_records
from tests.live.asking import SERVERS, both, drivers, name
from tests.proofs import cases


def main(checks: list[str]) -> None:
    """Write ``fixtures/proofs/answers/``, the data of `cfglint.knowledge.proofs` and ``docs/proofs.md``."""
    known = list(cases())
    for server in SERVERS:
        if server.missing:
            print(f"{name(server)}: {server.missing}", file=sys.stderr)
            continue
        old = proof_records.read(name(server))
        found = {}
        for case in known:
            if not case.applies_to(server.version, drivers(server)):
                continue
            if checks and case.check not in checks and case.check in old:
                found[case.check] = old[case.check]
                continue
            with tempfile.TemporaryDirectory() as folder:
                found[case.check] = both(case, server, Path(folder))
            for fault in proof_records.proof(case, found[case.check]).faults:
                print(f"{name(server)}: {case.check}: {fault}", file=sys.stderr)
        proof_records.write(name(server), found)
    proof_records.refresh(known)


if __name__ == "__main__":
    main(sys.argv[1:])
