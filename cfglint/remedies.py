"""What would turn a refusal into 200, and what would not: found out by changing one thing and simulating again."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import texts_of
from cfglint.engine import Request, check
from cfglint.findings import Finding
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.answer import Answer
from cfglint.simulate.request import KNOWN, World
from cfglint.simulate.request import Request as SipRequest
from cfglint.tracing import trace

MAX_TRIES = 40
"""So many fixes are tried for one refused request."""


class Advice(NamedTuple):
    """What was tried for one refused request."""

    remedies: list[Finding]
    """Findings whose fix alone makes the server accept the request."""
    futile: list[str]
    """Changes that people try and that leave the answer as it is."""


def advise(
    request: Request, overlays: dict[str, str], requests: list[SipRequest], world: World, refused: Answer
) -> Advice:
    """Try the fixes of all findings, nearest to the deciding line first, and the usual folklore."""
    findings = [f for f in check(request, request.files(overlays)).findings if f.fix is not None]
    findings.sort(key=lambda f: _distance(f, refused))
    remedies = []
    for finding in findings[:MAX_TRIES]:
        assert finding.fix is not None
        changed = {**overlays, **texts_of(finding.fix)}
        if _accepted(trace(request, request.files(changed), requests, world).answers, refused.id):
            remedies.append(finding)
    return Advice(remedies, list(_futile(request, overlays, requests, world, refused)))


def _distance(finding: Finding, refused: Answer) -> tuple[bool, int, int]:
    """By file, then by lines from what decided."""
    place = refused.decided_by
    if place is None:
        return True, 0, 0
    same = finding.place.source.path == place.source.path
    return not same, abs(finding.place.start.line - place.start.line), finding.place.span.start


def _accepted(answers: list[Answer], name: str) -> bool:
    return any(answer.id == name and answer.accepted for answer in answers)


def _futile(
    request: Request, overlays: dict[str, str], requests: list[SipRequest], world: World, refused: Answer
) -> Iterator[str]:
    """Only what leaves the answer as it is, and only where the server hears the client at all."""
    if not all(isinstance(status, int) for status in refused.statuses):
        return
    index = next(i for i, sent in enumerate(requests) if refused.id.partition("#")[0] == sent.id)
    sent = requests[index]

    def answer_to(changed: SipRequest) -> Answer:
        played = [*requests[:index], changed, *requests[index + 1 :]]
        answers = trace(request, request.files(overlays), played, world).answers
        return next(a for a in answers if a.id == refused.id)

    for transport in ("tcp", "udp"):
        if transport != sent.transport and answer_to(sent._replace(transport=transport)).statuses == refused.statuses:
            yield f"{transport.upper()} in place of {sent.transport.upper()}: the answer is the same"
    if sent.password is not None and answer_to(sent._replace(password=KNOWN)).statuses == refused.statuses:
        yield "typing the password again: with the right one the answer is the same"
    was_challenged = any(status in (401, 407) for status in refused.statuses)
    with_stale_nonce = sent._replace(nonce="stale")
    if was_challenged and sent.nonce is None and answer_to(with_stale_nonce).statuses[-1] == refused.statuses[-1]:
        yield "waiting for a new nonce: a stale one is challenged again and changes nothing"
