"""Changes that ask a client for its password, in the way in which it is checked, where a script refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import SAFE, Edit, Fix, insert, replace
from cfglint.knowledge.kamailio_effects import CHALLENGES, DATABASE_CHECKS, PASSWORD_CHECKS, REPLIES
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Comparison, number
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call, Case, Node, Switch

from ._remedies import TurnedAway, digest_checks, encloses
from ._replies import challenge, refusal

STALE, REUSED = -4, -6
"""What the functions that check a digest return for a nonce that is too old, and for one that was used before
(modules/auth/api.h:auth_cfg_result)."""
WRONG_PASSWORD, NO_CREDENTIALS = -2, -5
CODES = ("$rc", "$retcode", "$?")


def challenging(turned_away: TurnedAway) -> Iterator[Fix]:
    """A challenge in place of the refusal."""
    refusing = turned_away.refusing
    if any(statement.name in CHALLENGES for statement in refusing if isinstance(statement, Call)):
        return
    replies = [s for s in refusing if isinstance(s, Call) and (s.name in REPLIES or _refuses(turned_away, s))]
    for check in turned_away.digest_checks():
        if replies and check.arguments and written(check, replies[0]):
            # A route that refuses may end the script as well.
            end = "" if replies[0].name in REPLIES else "; exit"
            text = f'{challenge_of(check)}({_text(check.arguments[0])}, "0"){end}'
            yield Fix("ask for the password", (replace(replies[0].place, text),))


def _refuses(turned_away: TurnedAway, jump: Call) -> bool:
    """Is it the call of a route that refuses?"""
    kamailio = turned_away.kamailio
    return bool(kamailio.graph.routes_of(jump)) and refusal(kamailio, jump) is not None


def fitting(kamailio: Kamailio) -> Iterator[Fix]:
    """The challenge that goes with the check, and the other way round: the same realm, and the same header."""
    challenges = kamailio.calls_of(*CHALLENGES)
    for located in kamailio.calls_of(*DATABASE_CHECKS, *PASSWORD_CHECKS):
        check = located.call
        here = [other.call for other in challenges if other.route is located.route]
        for call in here or [other.call for other in challenges]:
            if check.arguments and call.arguments and written(check, call):
                yield from _fitting(check, call)


def _fitting(check: Call, call: Call) -> Iterator[Fix]:
    wanted, realm, other = challenge_of(check), check.arguments[0], call.arguments[0]
    edits: list[Edit] = []
    if call.name not in (wanted, "auth_challenge"):
        edits.append(replace(call.word.place, wanted))
    if _text(realm) != _text(other):
        edits.append(replace(other.place, _text(realm)))
    if edits:  # the check tells what is meant
        yield Fix("challenge for what is checked", tuple(edits), SAFE)
    if _text(realm) != _text(other):
        yield Fix("check the realm of the challenge", (replace(realm.place, _text(other)),))


def anew(turned_away: TurnedAway) -> Iterator[Fix]:
    """A challenge for a nonce that the server no longer takes, as for a request without credentials."""
    kamailio = turned_away.kamailio
    for located in kamailio.nodes(Switch):
        yield from _labelled(located.node)
    tests = [test for test, _ in kamailio.comparisons if getattr(test.left, "text", "") in CODES]
    for condition in kamailio.conditions:
        if challenge(kamailio, condition.node.body) is not None:
            yield from _widened(condition.node.condition, tests, "==", "||")
        elif refusal(kamailio, condition.node.body) is not None:
            yield from _widened(condition.node.condition, tests, "!=", "&&")
    branch = turned_away.branch
    if branch is not None and any(True for outer in turned_away.around for _ in digest_checks(outer.condition)):
        yield Fix("refuse for a wrong password alone", turned_away.exempted(f"$rc == {WRONG_PASSWORD}"))


def _widened(condition: Node, tests: list[Comparison], operator: str, link: str) -> Iterator[Fix]:
    """More codes in a comparison with the return code, in the words of that one."""
    within = [t for t in tests if encloses(condition.place, t.node.place) and t.operator == operator]
    codes = {number(test.right) for test in within}
    for test in within[-1:]:
        missing = [code for code in (STALE, REUSED) if code not in codes]
        if not missing or not written(test.left) or NO_CREDENTIALS not in codes:
            continue
        more = "".join(f" {link} {test.left.text} {operator} {code}" for code in missing)
        place = test.node.place
        text = f"({place.text}{more})" if link == "||" and "&&" in condition.place.text else place.text + more
        yield Fix("challenge for a nonce that is too old", (replace(place, text),))


def _labelled(switch: Switch) -> Iterator[Fix]:
    """More labels in front of the case that challenges."""
    labels = {number(case.label) for case in switch.cases if case.label is not None}
    missing = [code for code in (STALE, REUSED) if code not in labels]
    for case in switch.cases:
        if case.label is None or not missing or not written(case) or not _challenges(case):
            continue
        source = case.home.source
        indentation = source.text[source.line_span(case.start).start : case.start]
        between = " " if indentation.strip() else source.newline + indentation
        text = "".join(f"case {code}:{between}" for code in missing)
        yield Fix("challenge for a nonce that is too old", (insert(source, case.start, text),))


def _challenges(case: Case) -> bool:
    return any(isinstance(statement, Call) and statement.name in CHALLENGES for statement in case.statements)


def challenge_of(check: Call) -> str:
    """The function that asks for what another one checks."""
    if "www" in check.name:
        return "www_challenge"
    return "proxy_challenge" if "proxy" in check.name else "auth_challenge"


def _text(argument: object) -> str:
    return argument.place.text  # type: ignore[attr-defined,no-any-return]
