"""What real servers answered to the cases of `tests.proofs`, as it was recorded, and what follows from it.

``fixtures/proofs/answers/`` has a file for each server; ``python -m tests.live.record`` writes them, and from them what
`cfglint.knowledge.proofs` and ``docs/proofs.md`` say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cfglint.knowledge import proofs as knowledge
from cfglint.simulate.answer import Status
from tests.proofs import FOLDER, Answers, Case, Proof, judge

ROOT = FOLDER.parent.parent
ANSWERS = FOLDER / "answers"
TABLE = ROOT / "docs" / "proofs.md"
DATA = ROOT / "cfglint" / "knowledge" / "proofs.json"

Both = tuple[Answers, Answers]
"""What is answered with the defect, and without it."""


def servers() -> list[str]:
    """The servers that were asked, such as ``asterisk-16.28``."""
    return sorted((path.stem for path in ANSWERS.glob("*.json")), key=_order)


def _order(server: str) -> tuple[str, list[int]]:
    product, _, version = server.partition("-")
    return product, [int(number) for number in re.findall(r"\d+", version)]


def read(server: str) -> dict[str, Both]:
    """Check to what a server answered."""
    path = ANSWERS / f"{server}.json"
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {check: (_answers(bad), _answers(fixed)) for check, (bad, fixed) in found.items()}


def _answers(data: Mapping[str, Sequence[Status]]) -> Answers:
    return {name: tuple(statuses) for name, statuses in data.items()}


def write(server: str, found: Mapping[str, Both]) -> None:
    """Keep what a server answered."""
    ANSWERS.mkdir(exist_ok=True)
    lines = []
    for check, both in sorted(found.items()):
        states = ",\n  ".join(json.dumps(state, ensure_ascii=False) for state in both)
        lines.append(f"{json.dumps(check)}: [\n  {states}\n ]")
    (ANSWERS / f"{server}.json").write_text("{\n " + ",\n ".join(lines) + "\n}\n", "utf-8")


def proof(case: Case, answers: Both) -> Proof:
    """What recorded answers show."""
    strangers = {name for name in answers[0] | answers[1] if name not in case.legitimate}
    return judge(strangers, *answers, dialplan=case.product == "asterisk")


def conclusions(cases: Sequence[Case]) -> dict[str, Any]:
    """What `cfglint.knowledge.proofs` is to hold: check to the versions of each product and the effect, or to the
    reason why there is none."""
    recorded = {server: read(server) for server in servers()}
    found: dict[str, Any] = {}
    for case in cases:
        if case.unproven:
            found[case.check] = {"unproven": case.unproven}
            continue
        proofs = {
            server: proof(case, answers[case.check]) for server, answers in recorded.items() if case.check in answers
        }
        good = [server for server, shown in proofs.items() if not shown.faults]
        if good:
            products: dict[str, list[str]] = {}
            for server in good:
                product, _, version = server.partition("-")
                products.setdefault(product, []).append(version)
            found[case.check] = {"effect": proofs[good[-1]].effect, **products}
    return found


def as_json(found: Mapping[str, Any]) -> str:
    """Conclusions as a file, a line for each check."""
    lines = [f"{json.dumps(check)}: {json.dumps(about)}" for check, about in sorted(found.items())]
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def table() -> str:
    """``docs/proofs.md``."""
    return "\n".join(_table()) + "\n"


def _table() -> Iterator[str]:
    proven = {check: about for check, about in knowledge.every().items() if about.servers}
    others = {check: about for check, about in knowledge.every().items() if not about.servers}
    yield "# Proofs\n"
    yield (
        "Each fix was tried on real servers: they were asked with a configuration that has the defect, then with what"
        " `cfglint fix --unsafe` makes of it. Whoever belongs there was accepted afterwards; a wrong password, an"
        " unknown account, an address that the lists do not name, and a call without credentials were not."
        " `tests/live/` plays the cases in `fixtures/proofs/` again; this page tells what the servers answered.\n"
    )
    yield "| Check | What the servers show | Proven on |\n|---|---|---|"
    for check, about in proven.items():
        yield f"| [{check}](checks/{check}.md) | {about.effect} | {about.shown} |"
    if others:
        yield "\nNot shown by any request:\n"
        for check, about in others.items():
            yield f"* [{check}](checks/{check}.md): {about.unproven}"


def refresh(cases: Sequence[Case]) -> None:
    """Write what follows from the recorded answers."""
    DATA.write_text(as_json(conclusions(cases)), "utf-8")
    knowledge.every.cache_clear()
    TABLE.write_text(table(), "utf-8")


def path_of(check: str) -> Path:
    """The file with a check's case."""
    return FOLDER / f"{check}.yaml"
