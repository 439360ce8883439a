"""A phone that comes back from another address is refused until its old registration expires.

Why it matters: with `max_contacts` 1 the registrar keeps the one contact that it has, and answers a REGISTER with
another one with 503 (registrar/save.c:test_max_contacts): after a restart of the phone, behind a NAT that has changed
the port, over a new TCP connection. It heals by itself when the old registration runs out. A script may make 403 of it.

Client sees: from another address, before the old registration has expired: REGISTER -> 401 -> 503

Log: Only with log level INFO.
    too many contacts (n:... max:...) for AOR <...>
    too many contacts for AOR <...> (n:... max:...)

RFC: 3261 section 10.3: a registrar adds a Contact that it does not know (step 7).

Verdict: depends. Deserved by one device too many; spurious for the same phone that comes back.

Does not help: typing the password again; it heals by waiting.

Fix: save() with the flag 0x04 lets the newest contact replace the old one. Unsafe: who has the password can take a
registration over. Leave it where one device at a time is meant in earnest.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio

from ._registrar import REPLACE, replacing, save_flags

ONE = 'modparam("registrar", "max_contacts", {})\n'

SCRIPT = (
    'loadmodule "sl"\nloadmodule "auth"\nloadmodule "usrloc"\nloadmodule "registrar"\n'
    'modparam("registrar", "max_contacts", {most})\nrequest_route {{\n'
    '    if (!pv_www_authenticate("example.org", "s3cret", "0")) {{\n'
    '        www_challenge("example.org", "0");\n        exit;\n    }}\n    {save};\n}}\n'
)
KEEPS, REPLACES = 'save("location")', 'save("location", "0x04")'

EXAMPLES = [
    Example(
        bad=SCRIPT.format(most="«1»", save=KEEPS),
        good=SCRIPT.format(most="1", save=REPLACES),
        fixed=SCRIPT.format(most="1", save=REPLACES),
    ),
    Example(
        bad=ONE.format("«1»") + 'request_route {\n    save("location");\n}\n',
        good=ONE.format("1") + 'request_route {\n    save("location", "0x04");\n}\n',
        fixed=ONE.format("1") + 'request_route {\n    save("location", "0x04");\n}\n',
    ),
    Example(
        bad=ONE.format("«1»") + 'request_route {\n    if (!save("location", "0x02")) exit;\n}\n',
        good=ONE.format("5") + 'request_route {\n    save("location");\n}\n',
        fixed=ONE.format("1") + 'request_route {\n    if (!save("location", "0x06")) exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("registrar", "max_contacts")
    if setting is None or setting.number != 1:
        return
    for located in kamailio.calls_of("save"):
        flags = save_flags(located.call)
        if flags is not None and not flags & REPLACE:
            message = "a phone that comes back from another address is refused until the old contact expires"
            note = Note(located.call.place, "this keeps the old contact")
            yield Defect(setting.node.value.place, message, (note,), located.call, answers=(401, 503))
            return


CHECK = Check(find, level="info", category="answer", fix=replacing, request="REGISTER")
