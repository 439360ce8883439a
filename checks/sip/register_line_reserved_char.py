"""A register line holds a character that splits it in the wrong place.

Why it matters: channels/sip/config_parser.c:sip_parse_register_line looks for the last `@`, then for `?`, `/` and `:`
in what stands before it, passwords included; there is no way to escape them. With a `/` in the password the line is
rejected and Asterisk never registers; with a `?` what stands before it becomes the name of a section; with a `:` the
password ends early and the provider answers 403.

Client sees: with a colon in the password: outbound REGISTER -> 401 -> 403

Log:
    Format for registration is [peer?][transport://]user[@domain][:secret[:authuser]]@host

Verdict: spurious. The password in the file is right; another one is sent.

Does not help: quotes or a backslash around the character: there is no escape.

Fix: `callbackextension` in the provider's section, with `remotesecret`, which takes any character; or another password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.registration import Registration
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import folded

EXAMPLES = [
    Example(
        bad="[general]\nregister => «4711:pa/ss@sip.example.net/4711»\n",
        good="[general]\nregister => tls://4711:pa@ss@sip.example.net:5061/4711~600\n",
    ),
    Example(
        bad="[general]\nregister => «4711:pa?ss@sip.example.net»\nregister => «4711:a:b:c@sip.example.net»\n",
        good="[general]\nregister => carrier?4711:s3cret:name@sip.example.net\n"
        "register => 4711@example.net:5060:s3cret:4711@sip.example.net\n[carrier]\ntype=peer\nhost=192.0.2.9\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for line in sip.registrations:
        reason = _reason(sip, line)
        if reason:
            yield Defect(line.option.value_place, f"the register line {reason}")


def _reason(sip: Sip, line: Registration) -> str:
    if line.problem is not None:
        return f"{line.problem}, and is rejected"
    bad = [port for port in line.ports if not port.isdecimal()]
    if bad:
        return "has too many ':', and is split in the wrong places"
    if line.peer and folded(line.peer) not in sip.peers and not sip.external and ":" in line.peer:
        return "has a '?' in the password, which ends the name of a section there"
    return ""


CHECK = Check(find, level="warning", category="load", request="REGISTER")
