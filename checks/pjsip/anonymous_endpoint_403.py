"""An anonymous endpoint turns the 401 of unknown devices into 403.

Why it matters: the endpoint `anonymous` claims every request that nothing else has claimed
(res_pjsip_endpoint_identifier_anonymous.c). A phone with a mistyped user name, or whose endpoint was dropped for one
wrong option, is taken for it: without `aors` its REGISTER gets 403 at once (res_pjsip_registrar.c), and its calls run
in the anonymous context. Who looks for a wrong password is misled.

Client sees: for a device that no other endpoint claims: REGISTER -> 403

Log: The endpoint that it names is anonymous.
    Endpoint '...' (...:...) has no configured AORs

RFC: 3261 section 10.3: a registrar should authenticate before it refuses; a 403 without a challenge tells the client
that credentials will not help.

Verdict: depends. Deserved for strangers; of a phone with a wrong user name it hides that 401 would be the answer.

Does not help: another password: none is asked for.

Fix: nothing, if calls from strangers are wanted. Else delete the endpoint.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip

from ._phones import PHONE

EXAMPLES = [
    Example(
        bad=PHONE + "[«anonymous»]\ntype=endpoint\ncontext=public\nallow=ulaw\n",
        good=PHONE,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for endpoint in pjsip.endpoints.values():
        if endpoint.name.partition("@")[0] != "anonymous" or endpoint.items("aors") or not pjsip.phones:
            continue
        yield Defect(
            endpoint.place,
            f"endpoint '{endpoint.name}' takes every device that is not recognised: its REGISTER gets 403, not 401",
            answers=(403,),
        )


CHECK = Check(find, level="info", category="answer", request="REGISTER")
