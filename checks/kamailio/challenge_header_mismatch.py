"""The challenge asks for credentials in one header, and another is looked at.

Why it matters: www_challenge() sends 401, which is answered with Authorization; proxy_challenge() sends 407, which is
answered with Proxy-Authorization. www_authenticate() looks at the former alone, proxy_authenticate() at the latter
(auth/api.c:pre_auth): the client sends the right password in the wrong header, is challenged again, and gives up.

Client sees: REGISTER -> 407 -> 407

Log: Nothing.

RFC: 3261 section 22.3: who gets 407 answers with Proxy-Authorization.

Verdict: spurious. The password is right.

Does not help: another password.

Fix: use the challenge of the same name: www with www, proxy with proxy. auth_check() and auth_challenge() choose by the
method.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

from ._challenging import challenge_of
from ._replies import challenge

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("sl", "usrloc", "registrar", "auth", "auth_db"))
SCRIPT = (
    MODULES + 'request_route {\n    if (!www_authenticate("$td", "subscriber")) {\n        %s;\n        exit;\n'
    '    }\n    save("location");\n}\n'
)

EXAMPLES = [
    Example(
        bad=SCRIPT % '«proxy_challenge("$td", "1")»',
        good=SCRIPT % 'www_challenge("$td", "1")',
        fixed=SCRIPT % 'www_challenge("$td", "1")',
    ),
    Example(
        bad='request_route {\n    if (!proxy_authenticate("$fd", "subscriber")) «www_challenge("$fd", "1")»;\n}\n',
        good='request_route {\n    if (!auth_check("$fd", "subscriber", "1")) auth_challenge("$fd", "1");\n}\n',
        fixed='request_route {\n    if (!proxy_authenticate("$fd", "subscriber")) proxy_challenge("$fd", "1");\n}\n',
    ),
]

HEADERS = {"www_challenge": "Authorization", "proxy_challenge": "Proxy-Authorization"}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for condition in kamailio.conditions:
        test = condition.only
        asked = challenge(kamailio, condition.node.body) if test is not None and test.negated else None
        if asked is None or test is None or not isinstance(test.node, Call):
            continue
        looked_at = _header(test.node.name)
        answered = HEADERS.get(asked.name)
        if looked_at is not None and answered is not None and looked_at != answered:
            message = f"the client answers this with {answered}, and {test.node.name}() looks at {looked_at}"
            yield Defect(asked.place, message, (Note(test.node.place, "here"),), (test.node, asked))


def _header(name: str) -> str | None:
    """Where a function that checks credentials looks for them, whatever the method is."""
    name = name.removeprefix("pv_").removeprefix("radius_")
    if name in ("www_authenticate", "www_authorize"):
        return "Authorization"
    return "Proxy-Authorization" if name in ("proxy_authenticate", "proxy_authorize") else None


def fix(subject: tuple[Call, Call]) -> Fix | None:
    check, asked = subject
    if not written(asked):
        return None
    return Fix("challenge for what is checked", (replace(asked.word.place, challenge_of(check)),), SAFE)


CHECK = Check(find, level="error", category="answer", fix=fix)
