"""An identify for a whole network takes the phones in it for its own endpoint.

Why it matters: the address is asked before the name in From, as `endpoint_identifier_order` begins with `ip` unless it
says otherwise, and whether the phone's own endpoint would match does not count (res_pjsip.c:ast_sip_identify_endpoint).
A phone in that network is treated as the trunk: its REGISTER gets 403 where the trunk has no `aors` or takes no
registrations, 404 where the AOR has another name, and 401 again and again where the trunk has a password of its own.

Client sees: REGISTER -> 403; where the trunk has a password: REGISTER -> 401 -> 401; where its AOR has another name:
REGISTER -> 404

Log: The endpoint that it names is the trunk.
    Endpoint '...' (...:...) has no configured AORs
    AOR '...' not found for endpoint '...' (...:...)

RFC: 3261 section 10.3: a registrar should authenticate first (step 3); here the address stood for that.

Verdict: spurious. The phone is taken for somebody else.

Does not help: typing the password again; `identify_by=username` at the phone's endpoint: it keeps the address from
nothing.

Fix: list the addresses of the other side, or put `username` in front of `ip` in `endpoint_identifier_order`. The edit
does the latter. Unsafe: it holds for all, and a caller who puts a phone's name into From is taken for the phone.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Edit, Fix, insert
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import evaluate
from cfglint.model.editing import set_option
from cfglint.model.identify import Match
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import DEFAULT_ORDER, Object

from ._networks import PRIVATE
from ._phones import PHONE

TRUNK = "[branch]\ntype=endpoint\ncontext=from-branch\nallow=ulaw\n[branch-id]\ntype=identify\nendpoint=branch\nmatch="
GLOBAL = "[global]\ntype=global\nendpoint_identifier_order="

EXAMPLES = [
    Example(
        bad=PHONE + TRUNK + "198.51.100.7,«192.168.0.0/16»\n",
        good=PHONE + TRUNK + "192.168.7.2,203.0.113.0/24\n",
        fixed="[global]\ntype=global\nendpoint_identifier_order=username,ip,anonymous\n\n"
        + PHONE
        + TRUNK
        + "198.51.100.7,192.168.0.0/16\n",
    ),
    Example(
        bad=GLOBAL + "ip,header,username\n" + PHONE + TRUNK + "«0.0.0.0/0»\n",
        fixed=GLOBAL + "username,ip,header\n" + PHONE + TRUNK + "0.0.0.0/0\n",
        good=GLOBAL + "username,ip\n" + PHONE + TRUNK + "0.0.0.0/0\n",
    ),
]

SMALLEST = {4: 5, 6: 8}
"""Host bits below which a network is a handful of servers."""

LARGE = {4: 24, 6: 112}
"""Host bits from which a network holds somebody's phones wherever it is."""


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.order.index("ip") > pjsip.order.index("username") or not pjsip.phones:
        return
    lists = {acl.name: acl for acl in pjsip.access_lists() if acl.kind == "endpoint" and acl.purpose == "source"}
    for identify, entries in pjsip.identify_entries:
        endpoint = pjsip.endpoints.get(identify.value("endpoint"))
        if endpoint is None or (endpoint.value("auth") and pjsip.registers(endpoint)):
            continue
        if any(match.excluded for match in entries):
            continue  # somebody has thought of who is in there
        for match in entries:
            phone = (
                next((p for p in pjsip.phones if _may_be_in(match, lists.get(p.name))), None) if _holds(match) else None
            )
            if phone is None:
                continue
            yield Defect(
                match.place,
                f"identify '{identify.name}' takes every phone in {match.text} for endpoint '{endpoint.name}': REGISTER"
                f" of endpoint '{phone.name}' gets {_status(pjsip, endpoint)} from there",
                (Note(phone.place, f"endpoint '{phone.name}' is a phone"),),
                subject=pjsip,
                answers=(_status(pjsip, endpoint),),
            )


def _holds(match: Match) -> bool:
    """Is it a network that phones are in: a private one, or a very large one?"""
    if match.name or match.excluded:
        return False
    bits = (match.last - match.network).bit_length()
    if bits < SMALLEST[match.family]:
        return False
    private = any(
        match.family == family and (match.network & mask == network or network & match.mask == match.network)
        for family, network, mask in PRIVATE
    )
    return private or bits >= LARGE[match.family]


def _may_be_in(match: Match, acl: AccessList | None) -> bool:
    """May a phone send from the network, as far as its own address list goes?"""
    if acl is None or acl.references:
        return True
    points = {match.network, match.network + 1, match.last}
    points.update(rule.network for rule in acl.rules if match.takes(rule.family, rule.network, None))
    return any(evaluate(acl.rules, match.family, point)[0] for point in points)


def _status(pjsip: Pjsip, endpoint: Object) -> int:
    if endpoint.value("auth"):
        return 401
    return 404 if pjsip.registers(endpoint) else 403


def fix(pjsip: Pjsip) -> Fix | None:
    settings = pjsip.settings
    listed = (settings.value("endpoint_identifier_order", DEFAULT_ORDER) if settings else DEFAULT_ORDER).split(",")
    order = ",".join(dict.fromkeys(["username", *(item.strip() for item in listed)]))
    if settings is not None:
        option = settings.get("endpoint_identifier_order")
        edit = set_option(settings.section, option, "endpoint_identifier_order", order)
    else:
        made = _new_global(pjsip, order)
        if made is None:
            return None
        edit = made
    return Fix("look for the name in From before the address", (edit,))


def _new_global(pjsip: Pjsip, order: str) -> Edit | None:
    """A section for it above the root's first header, where there is none yet."""
    root = pjsip.config.root
    first = next(iter(pjsip.config.headers(root)), None)
    if first is None or pjsip.declared["global"] or pjsip.is_piece or pjsip.config.trees[root].marks:
        return None
    lines = ("[global]", "type=global", f"endpoint_identifier_order={order}", "", "")
    return insert(root, root.line_span(first.start).start, root.newline.join(lines))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
