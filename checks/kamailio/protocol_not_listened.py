"""Everybody is refused who does not come over a protocol on which nothing listens.

Why it matters: a request has the protocol of the port that it came in by. Where the server has no TLS port, `$proto !=
"tls"` is always true: every phone gets the refusal, whether it uses UDP or TCP.

Client sees: over UDP or TCP, where the script answers so: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. No phone can do what is asked for.

Does not help: TLS in the phone: nothing listens for it.

Fix: listen on TLS, or take the condition away with the refusal. Unsafe: phones that were told to use TLS may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import DIFFERENT, EQUAL, comparison, pseudo_variable
from cfglint.model.kamailio.script import constant
from cfglint.syntax.kamailio.nodes import Token

from ._exempting import statement_of, without
from ._listening import enabling, listens
from ._replies import refusing

EXAMPLES = [
    Example(
        bad='listen=udp:127.0.0.1\nrequest_route {\n    if («$proto != "tls"») {\n        send_reply("403", "No");\n'
        '    }\n    xlog("new");\n}\n',
        good="listen=udp:127.0.0.1\nlisten=tls:127.0.0.1\nenable_tls=yes\nrequest_route {\n"
        '    if ($proto != "tls") {\n        send_reply("403", "No");\n    }\n}\n',
        fixed='listen=udp:127.0.0.1\nrequest_route {\n    xlog("new");\n}\n',
    ),
    Example(
        bad="listen=udp:127.0.0.1\nrequest_route {\n    if (!(«proto == TLS»)) exit;\n}\n",
        good="listen=udp:127.0.0.1\nrequest_route {\n    if (method == INVITE && !(proto == TLS)) exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    lines = listens(kamailio)
    if not lines or not kamailio.whole or enabling(kamailio) is not None:
        return
    if not any(_is_protocol(test.left) for test, _ in kamailio.comparisons):
        return
    for condition, reply, holds in refusing(kamailio):
        only = condition.only
        test = comparison(only.node) if only is not None else None
        if only is None or test is None or not _is_protocol(test.left):
            continue
        other = test.operator in (EQUAL if only.negated == holds else DIFFERENT)
        if other and (_word(test.right) or "").lower() == "tls":
            notes = (Note(lines[0].place, "TLS is not switched on"), Note(reply.place, "refused here"))
            message = f"nothing listens on TLS: this is {'always' if holds else 'never'} true, and everybody is refused"
            yield Defect(test.node.place, message, notes, statement_of(kamailio, condition.node), answers=(403,))


def _is_protocol(operand: Any) -> bool:
    variable = pseudo_variable(operand)
    if variable is not None:
        return variable.name in ("proto", "pr") and not variable.transformations
    return isinstance(operand, Token) and operand.text == "proto"


def _word(operand: Any) -> str | None:
    text = constant(operand)
    return operand.text if text is None and isinstance(operand, Token) else text


CHECK = Check(find, level="warning", category="answer", fix=without)
