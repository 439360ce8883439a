"""An entry on secfilter's black list fits the names of phones.

Why it matters: secfilter compares the beginning of a User-Agent with its entries, without regard to case
(secfilter/secfilter.c:check_user_agent): "lin", meant for a scanner, is the beginning of Linphone and of Linksys, too.
They are refused, whatever their password is. Told only where the table is at hand: with `--db`, or as a text table in
the tree.

Client sees: where the script answers so: REGISTER -> 403

Log: Nothing by itself; scripts mostly write a line of their own.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. It is a telephone.

Does not help: the right password: the list is looked at before.

Fix: name the scanner in full.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.simulate.kamailio.probes import probes

from ._phones import PHONES
from ._refusals import refused

MODULES = "".join(f'loadmodule "{name}.so"\n' for name in ("db_text", "sl", "usrloc", "registrar", "secfilter"))
SCRIPT = (
    MODULES + 'modparam("secfilter", "db_url", "text:///etc/kamailio/dbtext")\nrequest_route {\n'
    '    secf_check_ua();\n    if %s {\n        sl_send_reply("403", "Forbidden");\n        exit;\n    }\n'
    '    save("location");\n}\n'
)
TABLE = "action(int) type(int) data(string)\n"

EXAMPLES = [
    Example(
        bad={"kamailio.cfg": SCRIPT % "«($? == -2)»", "dbtext/secfilter": TABLE + "0:0:lin\n"},
        good={"kamailio.cfg": SCRIPT % "($? == -2)", "dbtext/secfilter": TABLE + "0:0:linphone\n0:0:sipcli\n"},
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.calls_of("secf_check_ua"):
        return
    asked = probes(kamailio)
    for entry in dict.fromkeys(asked.black_listed):
        phones = [phone for phone in PHONES if phone.lower().startswith(entry.lower())]
        refusal = asked.registration_of(phones[0]) if len(phones) > 1 else None
        if refusal is not None:
            names = " and ".join(phone.split("/")[0] for phone in phones[:2])
            yield from refused(kamailio, refusal, f"the black list has '{entry}', as {names} begin: such a phone")


CHECK = Check(find, level="warning", category="answer", request="REGISTER")
