"""A request that is sent again is a new attempt to log in.

Why it matters: with `one_time_nonce` a nonce counts once (auth/nonce.c:check_nonce). Over UDP a phone that has heard
no answer sends its request again, with the same nonce, and the check returns -6. A new challenge makes up for that; a
script that answers -6 with 403 shuts the phone out on a bad line.

Client sees: a request that is sent twice, where -6 is answered with 403: REGISTER -> 401 -> 403

Log: Nothing.

RFC: 3261 section 17.1.2.2: over UDP a client sends its request again until it hears something.

Verdict: spurious. It is the same attempt.

Does not help: typing the password again.

Fix: none is needed where a failed check is always challenged again. t_precheck_trans() before the check keeps requests
that are sent again away from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad='modparam("auth", "one_time_nonce", «1»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "one_time_nonce", 1)\nrequest_route {\n    if (t_precheck_trans()) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("auth", "one_time_nonce")
    if setting is not None and setting.number and not kamailio.calls_of("t_precheck_trans", "t_check_trans"):
        message = "a request that is sent again over UDP has used its nonce, and is challenged again"
        yield Defect(setting.node.value.place, message)


CHECK = Check(find, level="info", category="answer", request="REGISTER")
