"""Asterisk stops registering for good when a provider answers 403 once.

Why it matters: channels/chan_sip.c:handle_response_register takes 403 for final unless `register_retry_403=yes`. A
provider that refuses during maintenance, or while a bill is open, leaves the account unregistered until a reload, and
calls from outside stay away.

An information: others rather stay quiet than be locked out for trying.

Client sees: outbound REGISTER -> 401 -> 403

Log:
    Forbidden - wrong password on authentication for REGISTER for '...' to '...'

RFC: 3261 section 21.4.4: a request that got 403 should not be repeated; so giving up is what is asked for.

Verdict: depends on the provider. The log blames the password, which nobody has looked at.

Does not help: `registerattempts=0`: it counts the attempts that got no answer.

Fix: `register_retry_403=yes`. Unsafe: Asterisk goes on asking a server that said no.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Section

EXAMPLES = [
    Example(
        bad="[general]\n«register => 4711:s3cret@sip.example.net/4711»\nbindport=5060\n",
        good="[general]\nregister_retry_403=no\nregister => 4711:s3cret@sip.example.net/4711\n",
        fixed="[general]\nregister => 4711:s3cret@sip.example.net/4711\nbindport=5060\nregister_retry_403=yes\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    if sip.general is None or sip.general_option("register_retry_403") is not None or sip.external:
        return
    line = next((line for line in sip.registrations if line.problem is None), None)
    if line is not None:
        message = "one 403 of the provider ends the registration until a reload"
        yield Defect(line.option.place, message, subject=sip.general)


def fix(section: Section) -> Fix:
    return Fix("go on registering", (add_option(section, ("register_retry_403", "yes")),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
