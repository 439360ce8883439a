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
from typing import Any

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import Condition, comparison, plain
from cfglint.model.kamailio.editing import written
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.nodes import Prefixed, String, walk

from ._patterns import matches
from ._phones import PHONES, SCANNERS, is_user_agent, names_user_agents
from ._replies import refusing

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
    Example(
        bad='request_route {\n    if ($ua =~ «"Yealink"») {\n        save("location");\n    } else drop;\n}\n',
        good='request_route {\n    if ($ua =~ "Yealink") {\n        save("location");\n    } else save("other");\n}\n',
        fixed=f'request_route {{\n    if (!($ua =~ "{"|".join(SCANNERS)}")) {{\n        save("location");\n'
        "    } else drop;\n}\n",
    ),
]


class Narrow(NamedTuple):
    """A pattern, what it is compared in, and what negates that, if something does."""

    pattern: String
    test: Any
    negation: Prefixed | None


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition, reply, holds in refusing(kamailio) if names_user_agents(kamailio) else ():
        for term in condition.terms:
            test = comparison(term.node)
            if test is None or term.negated != holds or test.operator != "=~" or not is_user_agent(test.left):
                continue
            pattern = test.right.value if isinstance(test.right, String) else ".*"
            others = [phone for phone in PHONES if not matches(pattern, phone)]
            if 0 < len(others) < len(PHONES):
                note = Note(reply.place, "they are refused here")
                message = f"phones of other makers are refused, such as '{others[0]}'"
                subject = Narrow(test.right, term.node, _negation(condition, term.node))
                yield Defect(test.right.place, message, (note,), subject, answers=(403,))


def _negation(condition: Condition, test: Any) -> Prefixed | None:
    """The one operator in front of a comparison and its parentheses."""
    prefixed = (node for node in walk([condition.node.condition]) if isinstance(node, Prefixed))
    found = next((node for node in prefixed if plain(node.operand) is test), None)
    return found if found is not None and [o.text for o in found.operators] in (["!"], ["not"]) else None


def fix(narrow: Narrow) -> Fix | None:
    pattern, test, negation = narrow
    source = pattern.home.source
    if not written(pattern, test) or (negation is not None and not written(negation)):
        return None
    scanners = replace(pattern.place, f'"{"|".join(SCANNERS)}"')
    if negation is not None:
        mark = delete(Place(source, Span(negation.start, negation.operand.start)))
        return Fix("refuse scanners by their names", (mark, scanners))
    return Fix(
        "refuse scanners by their names", (insert(source, test.start, "!("), scanners, insert(source, test.end, ")"))
    )


CHECK = Check(find, level="info", category="answer", request="REGISTER", fix=fix)
