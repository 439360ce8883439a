"""Changes that ask a client for its password, in the way in which it is checked, where a script refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import Edit, Fix, insert, replace
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio_conditions import number
from cfglint.model.kamailio_editing import written
from cfglint.syntax.kamailio.nodes import Branch, Call, Case, Switch, walk

from ._digest import CHALLENGES
from ._remedies import TurnedAway, digest_checks, narrowed
from ._replies import REPLIES, challenge, statements

STALE, REUSED = -4, -6
"""What the functions that check a digest return for a nonce that is too old, and for one that was used before
(modules/auth/api.h:auth_cfg_result)."""
WRONG_PASSWORD = -2


def challenging(turned_away: TurnedAway) -> Iterator[Fix]:
    """A challenge in place of the refusal."""
    branch = turned_away.branch
    if branch is None or challenge(branch.body) is not None:
        return
    replies = [s for s in statements(branch.body) if isinstance(s, Call) and s.name in REPLIES]
    for check in digest_checks(branch.condition):
        if replies and check.arguments and written(check, replies[0]):
            text = f'{_challenge_of(check)}({_text(check.arguments[0])}, "0")'
            yield Fix("ask for the password", (replace(replies[0].place, text),))


def fitting(kamailio: Kamailio) -> Iterator[Fix]:
    """The challenge that goes with the check, and the other way round: the same realm, and the same header."""
    for located in kamailio.nodes(Branch):
        branch: Branch = located.node
        asked = [node for node in walk([branch.body]) if isinstance(node, Call) and node.name in CHALLENGES]
        for check in digest_checks(branch.condition):
            for call in asked:
                if check.arguments and call.arguments and written(check, call):
                    yield from _fitting(check, call)


def _fitting(check: Call, call: Call) -> Iterator[Fix]:
    wanted, realm, other = _challenge_of(check), check.arguments[0], call.arguments[0]
    edits: list[Edit] = []
    if call.name not in (wanted, "auth_challenge"):
        edits.append(replace(call.word.place, wanted))
    if _text(realm) != _text(other):
        edits.append(replace(other.place, _text(realm)))
    if edits:
        yield Fix("challenge for what is checked", tuple(edits))
    if _text(realm) != _text(other):
        yield Fix("check the realm of the challenge", (replace(realm.place, _text(other)),))


def anew(turned_away: TurnedAway) -> Iterator[Fix]:
    """A challenge for a nonce that the server no longer takes, as for a request without credentials."""
    for located in turned_away.kamailio.nodes(Switch):
        yield from _labelled(located.node)
    branch = turned_away.branch
    if branch is None:
        return
    for outer in turned_away.kamailio.nodes(Branch):
        inside = outer.node is not branch and any(node is branch for node in walk([outer.node.body]))
        if inside and any(True for _ in digest_checks(outer.node.condition)):
            yield Fix("refuse for a wrong password alone", narrowed(branch, f"$rc == {WRONG_PASSWORD}"))


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


def _challenge_of(check: Call) -> str:
    """The function that asks for what another one checks."""
    if "www" in check.name:
        return "www_challenge"
    return "proxy_challenge" if "proxy" in check.name else "auth_challenge"


def _text(argument: object) -> str:
    return argument.place.text  # type: ignore[attr-defined,no-any-return]
