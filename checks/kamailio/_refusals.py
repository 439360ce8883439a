"""How checks speak of a client that is turned away."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.conversation import Refusal

from ._remedies import TurnedAway

DEFINITE = (401, 403, 407)
"""Statuses that tell of a mistake; what else a script answers, it mostly means."""


def refused(
    kamailio: Kamailio, refusal: Refusal | None, who: str, request: str = "", level: str | None = None
) -> Iterator[Defect]:
    """A defect at the line that turns a client away; `request` is the id of the one that must be it."""
    if refusal is None or refusal.statuses[-1] not in DEFINITE or (request and refusal.request.id != request):
        return
    place = refusal.place or kamailio.named_routes["request_route", None][0].place
    reasons = [Note(step.place, step.text) for step in refusal.reply.steps if step.place is not None]
    answers = tuple(status for status in refusal.statuses if isinstance(status, int))
    yield Defect(
        place,
        f"{who} {_told(refusal)}",
        tuple(reasons[-3:-1]),
        TurnedAway(kamailio, refusal),
        level=level,
        request=refusal.request.method,
        answers=answers,
    )


def _told(refusal: Refusal) -> str:
    """What it hears, in words."""
    *before, last = refusal.statuses
    if last in (401, 407):
        return f"is asked for its password again and again ({last})" if before else f"is not let in ({last})"
    if refusal.request.nonce == "reuse":
        return f"is told {last} instead of being challenged anew"
    if refusal.request.password is None:
        return f"is told {last}"
    return f"is told {last}" + (" though its password is right" if before else " without being asked for a password")
