"""A registration that is dropped: a URI is missing or no URI, or endpoint and line do not go together.

Why it matters: res_pjsip_outbound_registration.c:sip_outbound_registration_apply rejects a registration without
`server_uri` or `client_uri`, with one that does not begin with `sip:` or `sips:`, with `endpoint` but not `line=yes`,
and with `line=yes` but no `endpoint`. Asterisk does not register, and gets no calls.

Log:
    No server URI specified on outbound registration '...'
    No client URI specified on outbound registration '...'
    Server URI or hostname length exceeds pjproject limit or is not a sip(s) uri: '...'
    Client URI or hostname length exceeds pjproject limit or is not a sip(s) uri: '...'
    Line support has been enabled on outbound registration '...' without providing an endpoint
    An endpoint has been specified on outbound registration '...' without enabling line support

Does not help: another password: nothing is sent.

Fix: write what is missing. An `endpoint` alone can be given its `line=yes`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import CONTRADICTION, MISSING, Object

from ._phones import inherited

REGISTRATION = "[itsp]\ntype=registration\nclient_uri=sip:77@sip.example.net\n"
SERVER = "server_uri=sip:sip.example.net\n"

EXAMPLES = [
    Example(
        bad=REGISTRATION.replace("[itsp]", "[«itsp»]"),
        good=REGISTRATION + SERVER,
    ),
    Example(
        bad=REGISTRATION + SERVER + "«endpoint=itsp»\n",
        good=REGISTRATION + SERVER + "endpoint=itsp\nline=yes\n",
        fixed=REGISTRATION + SERVER + "endpoint=itsp\nline=yes\n",
    ),
    Example(
        bad=REGISTRATION + SERVER + "«line=yes»\n",
        good=REGISTRATION + SERVER + "line=no\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.config.incomplete:
        return  # what is not here may set it
    for item in pjsip.declared["registration"]:
        drop = item.drop
        if drop is None or drop.reason not in (MISSING, CONTRADICTION):
            continue
        what = f"has no {drop.detail}" if drop.reason == MISSING else f"is contradictory ({drop.detail})"
        yield Defect(
            item.place if drop.option is None or drop.reason == MISSING else drop.option.place,
            f"registration '{item.name}' {what} and is dropped: Asterisk does not register there",
            inherited(item, drop.option),
            subject=item if drop.reason == CONTRADICTION and item.value("endpoint") else None,
        )


def fix(item: Object) -> Fix:
    edit = set_option(item.section, item.get("line"), "line", "yes")
    return Fix(f"let registration '{item.name}' recognise the calls of its endpoint", (edit,))


CHECK = Check(find, level="error", category="load", fix=fix, request="REGISTER (outbound)")
