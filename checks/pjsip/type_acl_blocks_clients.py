"""A type=acl section refuses somebody whom the rest of the configuration expects.

Why it matters: `type=acl` sections judge every packet before anything else (res_pjsip_acl.c:acl_on_rx_msg), and each of
them has to let it through. Whoever is refused gets 403 at once, for every request but ACK, without a challenge. An
address that an `identify` section or a fixed `contact` names is plainly expected.

Client sees: INVITE -> 403; from a phone: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help. Here that is the plain truth.

Verdict: depends. Deserved for an address that is to stay out; spurious for one that the configuration itself names.

Does not help: another password or user name: neither was asked for; an endpoint's own `permit`: every list has to let
the packet through.

Fix: permit the address, too.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert_line_after
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, admits_nobody
from cfglint.model.pjsip import Pjsip
from cfglint.simulate.access import admit

from ._networks import Known, known_addresses

ACL = "[sip-acl]\ntype=acl\ndeny=0.0.0.0/0\n"
TRUNK = "[itsp]\ntype=endpoint\nallow=ulaw\n[itsp]\ntype=identify\nendpoint=itsp\nmatch="

EXAMPLES = [
    Example(
        bad=ACL + "permit=203.0.113.0/24\n" + TRUNK + "203.0.113.9,«198.51.100.7»\n",
        good=ACL + "permit=203.0.113.0/24\npermit=198.51.100.7\n" + TRUNK + "198.51.100.7\n",
        fixed=ACL + "permit=203.0.113.0/24\npermit=198.51.100.7\n" + TRUNK + "203.0.113.9,198.51.100.7\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    lists = [
        acl
        for acl in pjsip.access_lists()
        if acl.kind == "acl object" and acl.purpose == "source" and pjsip.tree.users(acl)
    ]
    lists = [acl for acl in lists if not any(admits_nobody(acl.rules, family) for family in _families(acl))]
    for known in known_addresses(pjsip) if lists else ():
        for acl in lists:
            if not admit([acl], pjsip.tree.acls, known.family, known.address, known.text).allowed:
                yield Defect(
                    known.place,
                    f"{acl.shown} refuses {known.text}, where endpoint '{known.endpoint.name}' is: 403 at once",
                    (Note(acl.section.name_place, acl.shown),),
                    subject=(acl, known),
                    answers=(403,),
                )


def _families(acl: AccessList) -> set[int]:
    return {rule.family for rule in acl.rules}


def fix(subject: tuple[AccessList, Known]) -> Fix | None:
    acl, known = subject
    last: Rule | None = acl.rules[-1] if acl.rules else None
    if last is None or last.option.name != "permit" or known.place.text != known.text or "/" in known.text:
        return None
    option = last.option
    line = option.line_place.text
    indent = line[: option.key_place.span.start - option.start]
    between = line[option.key_place.span.end - option.start : option.value_place.span.start - option.start]
    edit = insert_line_after(option.source, option.start, f"{indent}{option.key}{between}{known.text}")
    return Fix(f"let {acl.shown} permit {known.text}", (edit,))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="any request")
