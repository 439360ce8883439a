"""An endpoint's address list refuses the address at which the endpoint is.

Why it matters: where an endpoint's own `permit` and `deny` refuse a packet, it is treated as an unknown caller's
(res_pjsip/pjsip_distributor.c:apply_acls): 401 again and again with the right password, never 403. The address of an
`identify` section or a fixed `contact` of the endpoint is plainly its own.

Client sees: INVITE -> 401; from a phone: REGISTER -> 401 -> 401

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: depends. Deserved for an address that is to stay out; the right password is refused without a hint.

Does not help: typing the password again, another transport, NAT settings: the address that the packet came from
decides.

Fix: permit the address, below the last line of the list. Unsafe: it lets that address in.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import admits_nobody, is_readable
from cfglint.model.editing import add_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.simulate.access import admit

from ._networks import known_addresses

TRUNK = "[itsp]\ntype=endpoint\nallow=ulaw\ndeny=0.0.0.0/0\npermit=203.0.113.0/24\n"
IDENTIFY = "[itsp]\ntype=identify\nendpoint=itsp\nmatch="

EXAMPLES = [
    Example(
        bad=TRUNK + IDENTIFY + "«198.51.100.7»\n",
        good=TRUNK + IDENTIFY + "203.0.113.7\n",
        fixed=TRUNK + "permit=198.51.100.7\n" + IDENTIFY + "198.51.100.7\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    lists = {acl.name: acl for acl in pjsip.access_lists() if acl.kind == "endpoint" and acl.purpose == "source"}
    for known in known_addresses(pjsip) if lists else ():
        acl = lists.get(known.endpoint.name)
        if acl is None or acl.faults or admits_nobody(acl.rules, known.family):
            continue
        verdict = admit([acl], pjsip.tree.acls, known.family, known.address, known.text)
        if not verdict.allowed:
            notes = (Note(verdict.place, "this line refuses it"),) if verdict.place is not None else ()
            yield Defect(
                known.place,
                f"endpoint '{acl.name}' refuses {known.text}, where it is: 401 again and again",
                notes,
                subject=(acl, known.text) if not acl.references else None,
                answers=(401, 401),
            )


def fix(subject: tuple[AccessList, str]) -> Fix | None:
    acl, address = subject
    if not isinstance(acl.owner, Object) or acl.owner.wizard or not is_readable(address):
        return None
    return Fix(f"let {acl.shown} permit {address}", (add_option(acl.section, ("permit", address)),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="any request")
