"""The guard refuses who passes it.

Why it matters: pike_check_req(), sanity_check(), mf_process_maxfwd_header() and pl_check() return more than 0 when all
is well (pike/pike_funcs.c, sanity/sanity_mod.c, maxfwd/maxfwd.c, pipelimit/pipelimit.c), and that is true: without a !
the branch that refuses is taken by every ordinary request, and the flood goes through.

Client sees: where the script answers so: REGISTER -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious, for everybody.

Does not help: calling less often.

Fix: put a ! in front. Unsafe: those who were refused go on to what stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.syntax.kamailio.nodes import Call

from ._replies import refusal, silence
from ._return_mode import keeps_codes

PIKE = 'request_route {\n    if (%s) {\n        sl_send_reply("403", "Flood");\n        exit;\n    }\n}\n'
HOPS = 'request_route {\n    if (%s) {\n        sl_send_reply("483", "Too Many Hops");\n    }\n}\n'

EXAMPLES = [
    Example(
        bad=PIKE % "«pike_check_req()»",
        good=PIKE % "!pike_check_req()",
        fixed=PIKE % "!pike_check_req()",
    ),
    Example(
        bad=HOPS % '«mf_process_maxfwd_header("10")»',
        good=HOPS % 'is_maxfwd_lt("2")',
        fixed=HOPS % '!mf_process_maxfwd_header("10")',
    ),
]

GUARDS = (
    "pike_check_req",
    "sanity_check",
    "mf_process_maxfwd_header",
    "maxfwd_process",
    "process_maxfwd",
    "pl_check",
    "rl_check",
)


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if keeps_codes(kamailio):
        return
    for condition in kamailio.conditions:
        test, body = condition.only, condition.node.body
        if test is None or test.negated or not isinstance(test.node, Call) or test.node.name not in GUARDS:
            continue
        refused = refusal(kamailio, body) or silence(kamailio, body)
        if refused is not None:
            message = f"{test.node.name}() is true for every ordinary request, and those are refused"
            yield Defect(test.node.place, message, (Note(refused.place, "here"),), test.node, answers=(403,))


def fix(call: Call) -> Fix | None:
    return Fix("refuse the others", (insert(call.home.source, call.start, "!"),)) if written(call) else None


CHECK = Check(find, level="error", category="answer", fix=fix)
