"""A case played on a real server, with its defect and without."""

from __future__ import annotations

from pathlib import Path

from cfglint.simulate.request import Request
from tests import proofs
from tests.live.asterisk_server import REGISTERS_WITHIN, Server, ask
from tests.proof_records import Both


def drivers(server: Server) -> set[str]:
    """The channel drivers that a server has."""
    return {"sip", "pjsip"} if server.chan_sip else {"pjsip"}


def both(case: proofs.Case, server: Server, folder: Path) -> Both:
    """What is answered with the defect, and after ``cfglint fix``."""
    bad, fixed = proofs.states(case, folder, server.version)
    sent = proofs.requests(case, bad, fixed)
    return _answers(case, server, bad, sent), _answers(case, server, fixed, sent)


def _answers(case: proofs.Case, server: Server, state: proofs.State, sent: list[Request]) -> proofs.Answers:
    outcome = ask(server, state.files, sent, case.world, REGISTERS_WITHIN if case.listen else 0)
    answers = outcome.statuses if outcome.started else {request.id: ("timeout",) for request in sent}
    return {**answers, **proofs.heard(case.world.peers, outcome.heard)}
