"""What the real servers answered to the cases under ``fixtures/proofs/``, against the rule for fixes, the decision
models, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint import demonstration, registry
from cfglint.edits import SAFE
from cfglint.knowledge import proofs as knowledge
from cfglint.simulate.answer import Status
from tests import proof_records, proofs

CASES = {case.check: case for case in proofs.cases()}
RECORDED = [
    pytest.param(CASES[check], server, answers, id=f"{check}-{server}")
    for server in proof_records.servers()
    for check, answers in proof_records.read(server).items()
]
FIXABLE = [r for r in registry.every() if r.check.fix is not None]


@pytest.mark.parametrize("check", [pytest.param(r.id, id=r.id) for r in FIXABLE])
def test_every_fix_is_proven_or_it_is_said_why_not(check: str) -> None:
    assert check in CASES, f"{proof_records.path_of(check)} is missing"
    assert CASES[check].unproven or knowledge.every()[check].servers


@pytest.mark.parametrize("registered", [pytest.param(r, id=r.id) for r in FIXABLE])
def test_a_safe_fix_is_proven(registered: registry.Registered) -> None:
    if SAFE in demonstration.safety(registered):
        assert knowledge.every()[registered.id].servers


@pytest.mark.parametrize(("case", "server", "answers"), RECORDED)
def test_everybody_who_belongs_there_is_accepted_and_nobody_else(
    case: proofs.Case, server: str, answers: proof_records.Both
) -> None:
    assert proof_records.proof(case, answers).faults == []


@pytest.mark.parametrize(("case", "server", "answers"), RECORDED)
def test_the_model_says_what_the_server_says(
    case: proofs.Case, server: str, answers: proof_records.Both, tmp_path: Path
) -> None:
    states = proofs.states(case, tmp_path, server.partition("-")[2])
    assert states[0].files != states[1].files, "nothing was fixed"
    if case.product == "asterisk" and (case.world.peers or any(request.hold for request in case.requests)):
        pytest.skip("the model knows nothing of what peers answer, nor of calls that last")
    sent = proofs.requests(case, *states)
    for state, told in zip(states, answers, strict=True):
        if case.product == "kamailio" and set(told.values()) == {("timeout",)}:
            continue  # it did not start, which is for the checks to say: the model takes it that it does
        # The model does not follow a dialog.
        assert proofs.simulated(case, state, sent) == {n: s for n, s in told.items() if n not in case.later}


@pytest.mark.parametrize(
    ("name", "before", "after", "is_right"),
    [
        ("the phone registers", (401, 403), (401, 200), True),
        ("the phone registers", (401, 403), (401, 403), False),
        ("the phone registers", (401, 200), ("timeout",), False),
        ("REGISTER of a stranger", (401, 200), (401, 403), True),
        ("REGISTER of a stranger", (401, 403), (401, 200), False),
        ("INVITE of a stranger", (401,), (404,), False),
        ("INVITE of a stranger", (404,), (404,), True),
    ],
)
def test_what_proves_a_fix(name: str, before: tuple[Status, ...], after: tuple[Status, ...], is_right: bool) -> None:
    strangers = {name} if "stranger" in name else set[str]()
    assert (proofs.judge(strangers, {name: before}, {name: after}).faults == []) == is_right


def test_what_is_told_follows_from_what_was_recorded() -> None:
    """Otherwise: python -m tests.live.record."""
    assert proof_records.DATA.read_text("utf-8") == proof_records.as_json(
        proof_records.conclusions(list(CASES.values()))
    )
    assert proof_records.TABLE.read_text("utf-8") == proof_records.table()
