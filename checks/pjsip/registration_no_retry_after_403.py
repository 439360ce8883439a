"""One refusal by the provider ends a registration until somebody reloads.

Why it matters: 403 is final (res_pjsip_outbound_registration.c:handle_registration_response), as are most other 4xx
answers: without `forbidden_retry_interval` and `fatal_retry_interval` Asterisk does not try again. A provider that
refuses for a minute, during maintenance for example, leaves the trunk down. Some providers block who goes on trying, so
this may be meant.

Client sees: outbound REGISTER -> 401 -> 403

Log:
    Fatal response '...' received from '...' on registration attempt to '...', stopping outbound registration

RFC: 3261 section 21.4.4: a request that got 403 should not be repeated; so giving up is what is asked for.

Verdict: depends on the provider. Giving up for good is hard where it refuses during maintenance.

Does not help: `max_retries` and `retry_interval`: they count for answers that are not final.

Fix: set `forbidden_retry_interval`, in seconds. Unsafe: Asterisk goes on asking a server that said no.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

REGISTRATION = "type=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:77@sip.example.net\n"

INTERVAL = 300
"""Seconds; seldom enough not to be taken for an attack."""

EXAMPLES = [
    Example(
        bad="[«itsp»]\n" + REGISTRATION,
        good="[itsp]\n" + REGISTRATION + "fatal_retry_interval=60\n",
        fixed="[itsp]\n" + REGISTRATION + "forbidden_retry_interval=300\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    for item in pjsip.objects["registration"].values():
        if item.integer("forbidden_retry_interval", 0) or item.integer("fatal_retry_interval", 0):
            continue
        yield Defect(
            item.place,
            f"registration '{item.name}' is given up at the first 403, until Asterisk is reloaded",
            subject=None if item.wizard else item,
        )


def fix(item: Object) -> Fix:
    edit = add_option(item.section, ("forbidden_retry_interval", str(INTERVAL)))
    return Fix(f"try again {INTERVAL} seconds after a 403", (edit,))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER (outbound)")
