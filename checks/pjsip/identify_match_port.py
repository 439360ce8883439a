"""An identify that recognises a caller only from one port.

Why it matters: with a port in `match` the port that a packet comes from has to be the same
(res_pjsip_endpoint_identifier_ip.c, main/acl.c:ast_apply_ha). Providers behind NAT or a load balancer send from others,
and over TCP the port is a new one for every connection: such calls get 401. A name with a port is not looked up by SRV.

Client sees: from another port: INVITE -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3581 section 4: behind NAT the port that a request comes from is not the one in Via; a server learns it from the
packet.

Verdict: depends. Right where several systems share the address; else the port was never meant to matter.

Does not help: `force_rport=yes`: it changes where answers go, not who is recognised.

Fix: leave the port out, unless several systems share the address.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.identify import Match
from cfglint.model.pjsip import Pjsip

ENDPOINT = "[carrier]\ntype=endpoint\nallow=ulaw\n"
IDENTIFY = "[carrier-ip]\ntype=identify\nendpoint=carrier\nmatch=198.51.100.0/24,"

EXAMPLES = [
    Example(
        bad=ENDPOINT + IDENTIFY + "«203.0.113.5:5060»\n",
        good=ENDPOINT + IDENTIFY + "203.0.113.5,2001:db8::5060\n",
        fixed=ENDPOINT + IDENTIFY + "203.0.113.5\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for identify, entries in pjsip.identify_entries:
        for match in entries:
            if match.port is None:
                continue
            yield Defect(
                match.place,
                f"identify '{identify.name}' takes {match.text} only: calls from other ports of the address get 401",
                subject=match if match.place.text == match.text and "/" not in match.text else None,
                answers=(401,),
            )


def fix(match: Match) -> Fix:
    host = match.text.rpartition(":")[0].strip("[]")
    return Fix("take the address from every port", (replace(match.place, host),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="INVITE")
