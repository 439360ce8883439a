"""A row of the trusted table can let in nobody.

Why it matters: allow_trusted() asks for rows whose `src_ip` is, letter by letter, the address that a request comes from
(permissions/trusted.c:allow_trusted): a network such as 192.0.2.0/24, the name of a host, or an IPv6 address that is
not written in its shortest form never is. Nor does a request come by a protocol of another name than udp, tcp, tls,
sctp, ws and wss. Told only where the table is at hand: with `--db`, or as a text table in the tree.

Client sees: where the script answers so: INVITE -> 403

Log: Nothing.

RFC: 3261 section 21.4.4: credentials will not help, says 403, and clients do not try again; 401 or 407 would have asked
for them.

Verdict: spurious. The address is listed, or was meant to be.

Does not help: reloading the table.

Fix: a row for each address, or the address table, which has masks, and allow_source_address().
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.tables import rows
from cfglint.simulate.kamailio.sockets import canonical
from cfglint.simulate.request import TRANSPORTS

from ._tables import named

URL = '"text:///etc/kamailio/dbtext"'
SCRIPT = (
    'loadmodule "db_text.so"\nloadmodule "permissions.so"\n'
    'modparam("permissions", "db_url", %s)\n'
    "request_route {\n    if (!allow_trusted()) exit;\n}\n"
)
TABLE = "id(int) src_ip(string) proto(string)\n"

EXAMPLES = [
    Example(
        bad={"kamailio.cfg": SCRIPT % f"«{URL}»", "dbtext/trusted": TABLE + "1:192.0.2.0/24:any\n"},
        good={"kamailio.cfg": SCRIPT % URL, "dbtext/trusted": TABLE + "1:192.0.2.20:any\n"},
    ),
    Example(
        bad={"kamailio.cfg": SCRIPT % f"«{URL}»", "dbtext/trusted": TABLE + "1:192.0.2.20:all\n"},
        good={"kamailio.cfg": SCRIPT % URL, "dbtext/trusted": TABLE + "1:192.0.2.20:none\n"},
    ),
]

PROTOCOLS = (*TRANSPORTS, "sctp", "any", "none")
"""What a row may name; ``none`` switches it off."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if not kamailio.calls_of("allow_trusted") or not kamailio.whole:
        return
    found = rows(kamailio, "permissions", "trusted_table")
    if found is None:
        return
    source = kamailio.parameters.text("permissions", "source_col", "src_ip") or "src_ip"
    protocol = kamailio.parameters.text("permissions", "proto_col", "proto") or "proto"
    wrong: dict[str, list[str]] = {}
    for row in found.rows:
        why = _why(row, str(row.get(source) or ""), protocol)
        if why is not None:
            wrong.setdefault(why, []).append(str(row.get(source)))
    for why, addresses in wrong.items():
        yield Defect(found.place, f"{named(addresses)} {why}: such a row lets in nobody", answers=(403,))


def _why(row: Mapping[str, object], address: str, column: str) -> str | None:
    protocol = str(row.get(column) or "").lower()
    shortest = canonical(address.strip())
    if shortest is None:
        return "is no address"
    if shortest != address:
        return f"is not written as addresses are compared, {shortest}"
    return None if protocol in PROTOCOLS else f"has the protocol '{protocol}'"


CHECK = Check(find, level="warning", category="answer")
