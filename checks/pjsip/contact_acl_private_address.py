"""A list for Contact addresses refuses every private one, though phones behind NAT are expected.

Why it matters: `contact_permit` and `contact_deny` judge the host in Contact as the phone sent it
(res_pjsip/pjsip_distributor.c:apply_endpoint_contact_acl, res_pjsip_acl.c), before `rewrite_contact` puts the public
address in its place. A phone behind NAT sends its private address there: 401 again and again where the endpoint has the
list, 403 where a `type=acl` section has it.

Client sees: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint Contact ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3581 section 4: that is why a server answers to where a request came from and not to what the client believes its
address to be.

Verdict: spurious. A private address in Contact is what a phone behind NAT has.

Does not help: `rewrite_contact=yes`, `force_rport=yes`: the list looks at Contact as it was sent.

Fix: use `permit` and `deny`, which judge the address that a packet comes from. The edit renames the lines where there
is no such list yet. Unsafe: the Contact is not looked at any more.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, evaluate
from cfglint.model.editing import rename
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import ACL_OPTIONS, CONTACT_SENSES, Object
from cfglint.source import Source

from ._networks import PRIVATE
from ._phones import PHONE

LIST = "contact_deny=0.0.0.0/0\ncontact_permit="

EXAMPLES = [
    Example(
        bad=PHONE + "[1001](+)\nrewrite_contact=yes\n" + LIST + "«203.0.113.0/24»\n",
        good=PHONE + "[1001](+)\nrewrite_contact=yes\n" + LIST + "203.0.113.0/24,192.168.0.0/16\n",
        fixed=PHONE + "[1001](+)\nrewrite_contact=yes\ndeny=0.0.0.0/0\npermit=203.0.113.0/24\n",
    ),
    Example(
        bad=PHONE + "[1001](+)\nrewrite_contact=yes\n[lan]\ntype=acl\n" + LIST + "«203.0.113.0/24»\n",
        good=PHONE + "[lan]\ntype=acl\n" + LIST + "203.0.113.0/24\n",
        fixed=PHONE + "[1001](+)\nrewrite_contact=yes\n[lan]\ntype=acl\ndeny=0.0.0.0/0\npermit=203.0.113.0/24\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    behind = [endpoint for endpoint in pjsip.phones if endpoint.flag("rewrite_contact")]
    seen: set[tuple[Source, int]] = set()
    for acl in pjsip.access_lists() if behind else ():
        if acl.purpose != "contact" or acl.faults or not _refuses_private(acl):
            continue
        owner = acl.owner
        if acl.kind == "endpoint" and (not isinstance(owner, Object) or not owner.flag("rewrite_contact")):
            continue
        permit = _permit(acl)
        if permit is None or (permit.option.source, permit.option.start) in seen:
            continue
        seen.add((permit.option.source, permit.option.start))
        phone = owner if acl.kind == "endpoint" and isinstance(owner, Object) else behind[0]
        answers = (401, 401) if acl.kind == "endpoint" else (403,)
        yield Defect(
            permit.place,
            f"{acl.shown} refuses every private address in Contact, which is what a phone behind NAT sends:"
            f" {answers[0]}, whatever rewrite_contact does",
            (Note(phone.place, f"endpoint '{phone.name}' has rewrite_contact=yes"),),
            subject=owner if isinstance(owner, Object) and not owner.wizard else None,
            answers=answers,
        )


def fix(owner: Object) -> Fix | None:
    lines = [option for option in owner.options if option.name in ACL_OPTIONS]
    if any(line.name not in CONTACT_SENSES or line.home is not owner.section for line in lines):
        return None
    title = f"let {owner.type} '{owner.name}' judge where packets come from, not the Contact"
    return Fix(title, tuple(rename(line, line.key.lower().removeprefix("contact_")) for line in lines))


def _permit(acl: AccessList) -> Rule | None:
    return next((rule for rule in acl.rules if rule.allow), None)


def _refuses_private(acl: AccessList) -> bool:
    """Does a list let nobody in from a private network, as far as its entries go?"""
    for family, network, mask in PRIVATE:
        if family != 4:
            continue
        if evaluate(acl.rules, family, network + 1)[0]:
            return False
        if any(r.allow and r.family == family and r.network & mask & r.mask == network & r.mask for r in acl.rules):
            return False
    return True


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
