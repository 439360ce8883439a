"""An account is reached through a proxy whose address its own list refuses.

Why it matters: chan_sip and chan_pjsip hold the address a packet came from against the list
(channels/chan_sip.c:register_verify, res_pjsip_acl.c:apply_acl). For a phone behind a proxy that is the proxy's
address, not the phone's. A list that permits the phones' network and not the proxy refuses all of them.

Only accounts with an outbound proxy of their own, written as an address, are looked at.

Client sees: through the proxy, chan_sip: REGISTER -> 401 -> 403; through the proxy, chan_pjsip: REGISTER -> 401 -> 401

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The phone is in the permitted network.

Does not help: a `permit` for the phone; `rewrite_contact`, `nat`: the list looks at where the packet came from.

Fix: permit the proxy's address as well. Unsafe: whoever sends through the proxy is let in.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import parse_address
from cfglint.model.asterisk import Tree
from cfglint.model.editing import add_option, own_options
from cfglint.model.sip import Peer
from cfglint.resolve.asterisk import Option
from cfglint.simulate.access import admit
from cfglint.simulate.request import parse_uri

from ._owners import is_inbound

_LIST = "deny=0.0.0.0/0\npermit=10.0.0.0/8\n"
_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad=_PHONE + "«outboundproxy=192.0.2.9:5080»\n" + _LIST,
        good=_PHONE
        + "outboundproxy=10.1.2.3\n"
        + _LIST
        + "[carrier]\ntype=peer\nhost=10.1.2.4\noutboundproxy=192.0.2.9\n",
        fixed=_PHONE + "outboundproxy=192.0.2.9:5080\n" + _LIST + "permit=192.0.2.9\n",
    ),
    Example(
        bad={
            "pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\naors=1001\n«outbound_proxy=sip:127.0.0.1:5070\\;lr»\n"
            + _LIST
        },
        good={"pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\naors=1001\noutbound_proxy=sip:10.1.2.3\\;lr\n" + _LIST},
        fixed={
            "pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\naors=1001\noutbound_proxy=sip:127.0.0.1:5070\\;lr\n"
            + _LIST
            + "permit=127.0.0.1\n"
        },
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for acl in tree.access_lists:
        if acl.purpose != "source" or acl.owner is None or acl.faults:
            continue
        option = acl.owner.get("outboundproxy" if isinstance(acl.owner, Peer) else "outbound_proxy")
        if option is None or not _is_phone(tree, acl):
            continue
        host = _host(option)
        address = parse_address(host)
        if isinstance(address, str):
            continue
        verdict = admit([acl], tree.acls, *address, host)
        if not verdict.allowed:
            message = f"{acl.shown} refuses what comes from its own proxy {host}"
            notes = (Note(verdict.place, "this line does"),) if verdict.place is not None else ()
            yield Defect(option.place, message, notes, (acl, host), answers=tree.refusal(acl))


def _is_phone(tree: Tree, acl: AccessList) -> bool:
    if isinstance(acl.owner, Peer):
        return acl.owner.dynamic and acl.owner.registers
    trunk = tree.pjsip is not None and acl.owner is not None and tree.pjsip.is_trunk(acl.owner)
    return is_inbound(tree, acl) and not trunk


def _host(option: Option) -> str:
    """The proxy's host; chan_sip's may stand without ``sip:`` and with ``,force`` behind it."""
    return parse_uri(option.value.partition(",")[0].partition(";")[0]).host


def fix(subject: tuple[AccessList, str]) -> Fix | None:
    acl, host = subject
    section = acl.section
    if acl.references or not own_options(section):
        return None
    return Fix(f"permit {host}, too", (add_option(section, ("permit", host)),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
