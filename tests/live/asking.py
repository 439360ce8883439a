"""A case played on a real server, with its defect and without."""

from __future__ import annotations

from pathlib import Path

from cfglint.simulate.request import Request
from tests import proofs
from tests.live import asterisk_server, kamailio_daemon
from tests.proof_records import Both

Server = asterisk_server.Server | kamailio_daemon.Server
SERVERS: tuple[Server, ...] = (*asterisk_server.SERVERS, *kamailio_daemon.SERVERS)


def name(server: Server) -> str:
    """As the records call it: ``asterisk-16.28``."""
    return f"{'asterisk' if isinstance(server, asterisk_server.Server) else 'kamailio'}-{server.version}"


def drivers(server: Server) -> set[str]:
    """The channel drivers that a server has, or that it is a Kamailio."""
    if isinstance(server, kamailio_daemon.Server):
        return {proofs.KAMAILIO}
    return {"sip", "pjsip"} if server.chan_sip else {"pjsip"}


def both(case: proofs.Case, server: Server, folder: Path) -> Both:
    """What is answered with the defect, and after ``cfglint fix``."""
    bad, fixed = proofs.states(case, folder, server.version)
    sent = proofs.requests(case, bad, fixed)
    return _answers(case, server, bad, sent), _answers(case, server, fixed, sent)


def _answers(case: proofs.Case, server: Server, state: proofs.State, sent: list[Request]) -> proofs.Answers:
    if isinstance(server, kamailio_daemon.Server):
        outcome = kamailio_daemon.ask(server, state.files, sent, case.world)
        return outcome.statuses if outcome.started else {request.id: ("timeout",) for request in sent}
    outcome = asterisk_server.ask(
        server, state.files, sent, case.world, asterisk_server.REGISTERS_WITHIN if case.listen is True else case.listen
    )
    answers = outcome.statuses if outcome.started else {request.id: ("timeout",) for request in sent}
    return {**answers, **proofs.heard(case.world.peers, outcome.heard)}
