"""An endpoint's calls start in a context that the dialplan does not have.

Why it matters: res_pjsip_session.c:new_invite looks the dialled number up in the endpoint's `context`; where the
context does not exist, every call gets 404. The same goes for `subscribe_context` and `message_context`. Contexts are
compared with case. Judged only where extensions.conf is at hand and complete, and no other language defines contexts
beside it.

Client sees: INVITE -> 404

Log:
    Call (...:...) to extension '...' rejected because extension not found in context '...'.

RFC: 3261 section 21.4.5: 404 says that there is no such user at this domain.

Verdict: spurious. The number may well exist, in the context that was meant.

Does not help: another codec, password or transport.

Fix: correct the name.
"""

import os
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option

from ._phones import inherited
from ._references import Known, by_line, respelled

DIALPLAN = "[general]\nstatic=yes\n[phones]\nexten => 600,1,Answer()\n"
ENDPOINT = "[1001]\ntype=endpoint\nallow=ulaw\ncontext="

EXAMPLES = [
    Example(
        bad={"pjsip.conf": ENDPOINT + "«Phones»\n", "extensions.conf": DIALPLAN},
        good={"pjsip.conf": ENDPOINT + "phones\n", "extensions.conf": DIALPLAN},
        fixed={"pjsip.conf": ENDPOINT + "phones\n", "extensions.conf": DIALPLAN},
    ),
    Example(
        bad={"pjsip.conf": ENDPOINT + "«lobby»\n", "extensions.conf": DIALPLAN},
        good={
            "pjsip.conf": ENDPOINT + "lobby\n",
            "extensions.conf": DIALPLAN,
            "extensions.ael": "context lobby { };\n",
        },
    ),
]

REQUESTS = {"context": "INVITE", "subscribe_context": "SUBSCRIBE", "message_context": "MESSAGE"}
"""The options that name a context, and what is looked up there."""

OTHERS = ("extensions.ael", "extensions.lua")
"""Files beside extensions.conf that define contexts, too."""


def find(pjsip: Pjsip) -> Iterator[Defect]:
    config = pjsip.tree.companion("extensions.conf")
    if config is None or config.incomplete or config.aborted is not None or pjsip.config.incomplete:
        return
    if any(pjsip.tree.files.exists(os.path.join(pjsip.tree.directory, name)) for name in OTHERS):
        return
    contexts = {section.name for section in config.sections if not section.template} - {"general", "globals"}
    if not contexts:
        return
    known = Known(contexts)
    missing = (
        (endpoint, option)
        for endpoint in pjsip.endpoints.values()
        for option in (endpoint.get(key) for key in REQUESTS)
        if option is not None and option.value and option.value not in contexts and "$" not in option.value
    )
    for endpoint, option, count in by_line(missing):
        spelling = known.spelling(option.value)
        more = f" and {count - 1} more" if count > 1 else ""
        request = REQUESTS[option.name]
        yield Defect(
            option.value_place,
            f"extensions.conf has no context '{option.value}': {request} of endpoint '{endpoint.name}'{more} gets"
            f" 404{known.hint(option.value)}",
            inherited(endpoint, option),
            subject=(option, spelling) if spelling else None,
            request=request,
            answers=(404,),
        )


def fix(subject: tuple[Option, str]) -> Fix:
    option, name = subject
    return respelled(option.value_place, option.value, name)


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
