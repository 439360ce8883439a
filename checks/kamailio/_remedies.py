"""The smallest change of a script that lets in who was refused, found out by simulating again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from typing import Any

from cfglint.edits import Edit, Fix, Occupied, insert, texts_of
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS, PASSWORD_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import plain
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.simulate.kamailio.conversation import Refusal
from cfglint.source import Place
from cfglint.syntax.kamailio.nodes import Branch, Call, Case, Expression, If, Parenthesis, Statement, walk
from cfglint.syntax.kamailio.precedence import Operation

from ._replies import performed, statements

MAX_TRIES = 24
"""So many changes are tried for one refusal."""
MAX_TEXT = 1_000_000
"""Characters that may be read again for one refusal, all tries together."""


class TurnedAway(NamedTuple):
    """Somebody who should have been let in, and is not."""

    kamailio: Kamailio
    refusal: Refusal

    @property
    def branch(self) -> Branch | None:
        """The ``if`` whose condition decides."""
        branches = (located.node for located in self.kamailio.nodes(Branch))
        return next((branch for branch in branches if branch.condition.place == self.refusal.place), None)

    @property
    def otherwise(self) -> Statement | None:
        """What is done where the condition that decides does not hold, if that is what refuses."""
        branch = self.branch
        chains = (located.node for located in self.kamailio.nodes(If))
        other = next((chain.otherwise for chain in chains if chain.branches[-1] is branch), None)
        if other is None:
            return None
        replies = {statement.place for statement in performed(self.kamailio, other)}
        places = [step.place for step in self.refusal.reply.steps if step.place is not None]
        return other if any(place in replies or encloses(other.place, place) for place in places) else None

    @property
    def refusing(self) -> list[Statement]:
        """What is done where it is refused."""
        branch = self.branch
        if branch is not None:
            return statements(self.otherwise or branch.body)
        cases = (located.node for located in self.kamailio.nodes(Case))
        return next((case.statements for case in cases if case.place == self.refusal.place), [])

    @property
    def around(self) -> list[Branch]:
        """Each ``if`` that the refusal stands in, the inmost first."""
        place = self.refusal.place
        branches = [located.node for located in self.kamailio.nodes(Branch)]
        return [branch for branch in branches[::-1] if place is not None and encloses(branch.body.place, place)]

    def exempted(self, test: str) -> tuple[Edit, ...]:
        """The edits after which it is only refused where a test holds, too; none where that cannot be written."""
        if self.branch is None:
            return ()
        return widened(self.branch, test) if self.otherwise is not None else narrowed(self.branch, test)

    def digest_checks(self) -> Iterator[Call]:
        """The checks of a digest that the refusal may be about: those in its condition, in those around it, and in its
        route."""
        place, branch = self.refusal.place, self.branch
        for outer in [*([branch] if branch is not None else []), *self.around]:
            yield from digest_checks(outer.condition)
        for located in self.kamailio.calls_of(*DATABASE_CHECKS, *PASSWORD_CHECKS):
            if place is not None and encloses(located.route.place, place):
                yield located.call


def encloses(outer: Place, inner: Place) -> bool:
    """Does one place lie within another?"""
    spans = outer.span, inner.span
    return outer.source is inner.source and spans[0].start <= spans[1].start and spans[1].end <= spans[0].end


def remedy(turned_away: TurnedAway, proposals: Iterable[Fix]) -> Fix | None:
    """The first of some proposals that helps."""
    from cfglint.simulate.kamailio.remedy import helps  # not needed where nobody is refused

    kamailio, refusal = turned_away
    length = sum(len(source.text) for source in kamailio.config.files)
    tries = min(MAX_TRIES, MAX_TEXT // max(length, 1))
    return next((fix for fix in islice(proposals, tries) if helps(kamailio, refusal, texts_of(fix))), None)


def joined(one: Fix, other: Fix) -> Fix:
    """Two changes at once."""
    return Fix(f"{one.title}, and {other.title}", (*one.edits, *other.edits))


def pairs(fixes: Iterable[Fix]) -> Iterator[Fix]:
    """Each two of some changes at once, where they do not touch each other."""
    for one, other in combinations(fixes, 2):
        if Occupied().admit(both := joined(one, other)):
            yield both


def narrowed(branch: Branch, test: str) -> tuple[Edit, ...]:
    """The edits that make a condition hold only where a test holds, too; none where that cannot be written."""
    condition = branch.condition
    if not isinstance(condition, Parenthesis) or not written(condition):
        return ()
    inner = condition.inner
    source, operation = condition.home.source, plain(inner)
    words = {getattr(item, "text", "") for item in inner.items} if isinstance(inner, Expression) else set()
    both = "and" if "and" in words else "&&"
    if isinstance(operation, Operation) and operation.operator == "||":
        return insert(source, inner.start, f"{test} {both} ("), insert(source, inner.end, ")")
    return (insert(source, inner.start, f"{test} {both} "),)


def widened(branch: Branch, test: str) -> tuple[Edit, ...]:
    """The edits that make a condition hold also where a test does not; none where that cannot be written."""
    condition = branch.condition
    if not isinstance(condition, Parenthesis) or not written(condition):
        return ()
    inner, source = condition.inner, condition.home.source
    words = {getattr(item, "text", "") for item in inner.items} if isinstance(inner, Expression) else set()
    opposite = test[1:] if test.startswith("!") else f"!({test})"
    return (insert(source, inner.start, f"{opposite} {'or' if 'or' in words else '||'} "),)


def digest_checks(node: Any) -> Iterator[Call]:
    """The calls inside of something that check a digest."""
    for inner in walk([node]):
        if isinstance(inner, Call) and inner.name in (*DATABASE_CHECKS, *PASSWORD_CHECKS):
            yield inner
