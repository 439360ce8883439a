"""Does a change turn a refusal into success, and let in nobody who was kept out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.conversation import Refusal
from cfglint.simulate.kamailio.probes import Probes, probes
from cfglint.simulate.kamailio.visitors import Untold, intruder

QUESTIONS: tuple[tuple[Callable[[Probes], Refusal | None], str], ...] = (
    (lambda asked: asked.registration, "phone"),
    (lambda asked: asked.listed_registration, "phone"),
    (lambda asked: asked.refresh, "refresh"),
    (lambda asked: asked.call, "call"),
    (lambda asked: asked.unlisted_call, "call"),
    (lambda asked: asked.peer_call, "peer"),
    (lambda asked: asked.hang_up, "bye"),
)
"""What a change must not make worse, and the request of it that counts."""


def helps(kamailio: Kamailio, refusal: Refusal, texts: Mapping[str, str]) -> bool:
    """Are those who were refused let in when files have other texts, with nobody else let in or turned away?"""
    if kamailio.tree is None or refusal.variants is None:
        return False
    after = kamailio.tree.changed(texts).kamailio
    if len(after.config.problems) > len(kamailio.config.problems):
        return False
    then, now = probes(kamailio), Probes(after)
    spared = [other.variants for _, other in then.spared if other.variants is not None]
    if not all(map(now.accepts, (refusal.variants, *spared))):
        return False
    for question, name in QUESTIONS:
        told = question(now) if question(then) is None else None
        if told is not None and told.request.id == name:
            return False
    try:
        return intruder(kamailio, after) is None
    except Untold:
        return False
