"""A phone is refused because of the name that it sends, which anybody can send.

Why it matters: the script only takes requests whose User-Agent is that of some phones. Any other phone gets 403 or no
answer, whatever its password is, and one of the right maker gets it, too, when an update writes the name another way. A
scanner sends whichever name it likes: the list keeps out none that means it.

An information: all phones may be of these makers.

Client sees: a phone of another maker, where the script answers so: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 20.41: User-Agent is information about the client, which a client may leave out.

Verdict: depends. Deserved, if only these phones are wanted; else spurious.

Does not help: the right password: the filter stands in front; another transport.

Fix: refuse the scanners by their names, in place of everybody else. Unsafe: other phones get as far as to be asked for
their password.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import comparison, plain
from cfglint.model.kamailio.editing import written
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import Prefixed, String, walk

from ._patterns import matches
from ._phones import PHONES, SCANNERS, is_user_agent
from ._replies import refusal, silence

SCRIPT = 'request_route {\n    if %s {\n        send_reply("403", "No");\n        exit;\n    }\n}\n'

EXAMPLES = [
    Example(
        bad=SCRIPT % '(!($ua =~ «"^(Yealink|snom)"»))',
        good=SCRIPT % '(!($ua =~ "^OurOwnApp/"))',
        fixed=SCRIPT % f'(($ua =~ "{"|".join(SCANNERS)}"))',
    ),
    Example(
        bad=SCRIPT % '(is_method("REGISTER") && not ($hdr(User-Agent) =~ «"Grandstream"»))',
        good=SCRIPT % '($ua =~ "friendly-scanner|sipvicious")',
        fixed=SCRIPT % f'(is_method("REGISTER") && ($hdr(User-Agent) =~ "{"|".join(SCANNERS)}"))',
    ),
]


class Narrow(NamedTuple):
    """A negated comparison, and its pattern."""

    negation: Prefixed
    pattern: String


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition in kamailio.conditions:
        refused = refusal(kamailio, condition.node.body) or silence(kamailio, condition.node.body)
        if refused is None:
            continue
        for negation in walk([condition.node.condition]):
            pattern = _pattern(negation)
            if pattern is None:
                continue
            others = [phone for phone in PHONES if not matches(pattern.value, phone)]
            if 0 < len(others) < len(PHONES):
                note = Note(refused.place, "they are refused here")
                message = f"phones of other makers are refused, such as '{others[0]}'"
                yield Defect(pattern.place, message, (note,), Narrow(negation, pattern), answers=(403,))


def _pattern(negation: object) -> String | None:
    """What a User-Agent must match, if something asks for that it does not."""
    if not isinstance(negation, Prefixed) or [operator.text for operator in negation.operators] not in (["!"], ["not"]):
        return None
    test = comparison(plain(negation.operand))
    if test is None or test.operator != "=~" or not isinstance(test.right, String) or not is_user_agent(test.left):
        return None
    return test.right


def fix(narrow: Narrow) -> Fix | None:
    negation, pattern = narrow
    if not written(negation, pattern):
        return None
    mark = Place(negation.home.source, Span(negation.start, negation.operand.start))
    return Fix("refuse scanners by their names", (delete(mark), replace(pattern.place, f'"{"|".join(SCANNERS)}"')))


CHECK = Check(find, level="info", category="answer", request="REGISTER", fix=fix)
