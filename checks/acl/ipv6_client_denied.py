"""An address list refuses every IPv6 address, on a server that is reached by IPv6.

Why it matters: a rule applies only to addresses of its own family (main/acl.c:ast_apply_ha). `deny=::/0` with permits
for IPv4 alone refuses every phone that comes by IPv6. Phones with both choose IPv6 by themselves when a name resolves
to it.

An information: it is right where IPv6 is not used for telephony.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; an endpoint of chan_pjsip: REGISTER -> 401 -> 401; as type=acl:
REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: depends. Deserved, if telephony is to stay on IPv4; the phone has chosen IPv6 by itself.

Does not help: typing the password again; a `permit` for an IPv4 network.

Fix: permit the IPv6 networks of the phones. Which, only you know.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, admits_nobody
from cfglint.model.asterisk import Tree

from ._owners import by_entry, inherited, is_inbound, shown

_BOTH = "[general]\nbindaddr=::\n"
_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\ndeny=0.0.0.0/0\n"
EXAMPLES = [
    Example(
        bad=_BOTH + _PHONE + "deny=«::/0»\npermit=10.0.0.0/8\n",
        good=_BOTH + _PHONE + "deny=::/0\npermit=10.0.0.0/8\npermit=fd00::/8\n",
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    if 6 not in tree.listens:
        return
    for deny, lists in by_entry(_shut(tree)):
        inbound = [acl for acl in lists if is_inbound(tree, acl)]
        if inbound:
            message = f"{shown(inbound)} lets no phone in that comes by IPv6"
            yield Defect(deny.place, message, inherited(deny, inbound), answers=tree.refusal(tree.users(inbound[0])[0]))


def _shut(tree: Tree) -> Iterator[tuple[Rule, AccessList]]:
    """The denies that leave no IPv6 address over, in lists that let IPv4 in."""
    for group in tree.alike:
        rules = group[0].rules
        if not any(rule.family == 6 for rule in rules) or not admits_nobody(rules, 6) or admits_nobody(rules, 4):
            continue
        at = max(index for index, rule in enumerate(rules) if rule.family == 6 and not rule.allow)
        for acl in group:
            if acl.purpose != "media" and tree.users(acl) and 6 in tree.families(acl):
                yield acl.rules[at], acl


CHECK = Check(find, level="info", category="answer", request="REGISTER")
