"""Two identify sections of different endpoints take the same address.

Why it matters: only one `identify` is used for a request (res_pjsip_endpoint_identifier_ip.c:common_identify), and
which of two that match comes first is not in the administrator's hand: it is arbitrary before 20.16, 22.6 and 23.0, and
the order of the sections' names from then on. Calls end up at the wrong endpoint: in its context, or challenged for a
password.

Client sees: where the other endpoint has an auth: INVITE -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

Verdict: spurious. Both endpoints list the caller.

Does not help: another order of the sections in the file.

Fix: take the smaller network out of the larger one with `!` and a mask, or tell the callers apart by `match_header` or
a registration with `line=yes`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.addresses import prefix_length
from cfglint.model.identify import Match, taken_by
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

ENDPOINTS = "[a]\ntype=endpoint\nallow=ulaw\n[b]\ntype=endpoint\nallow=ulaw\n"
B = "[b-id]\ntype=identify\nendpoint=b\nmatch="
A = "[a-id]\ntype=identify\nendpoint=a\nmatch=203.0.113.0/24"

EXAMPLES = [
    Example(
        bad=ENDPOINTS + A + "\n" + B + "«203.0.113.5»\n",
        good=ENDPOINTS + A + ",!203.0.113.5/32\n" + B + "203.0.113.5\n",
    ),
    Example(
        bad=ENDPOINTS + A + "\n" + B + "198.51.100.1,«203.0.113.0/28»\n",
        good=ENDPOINTS + "[a-id]\ntype=identify\nendpoint=a\nmatch=203.0.113.5:5060\n" + B + "203.0.113.5:5070\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    entries: list[tuple[Match, Object, list[Match]]] = [
        (match, identify, every)
        for identify, every in pjsip.identify_entries
        for match in every
        if not match.name and not match.excluded and prefix_length(match.family, match.mask) is not None
    ]
    entries.sort(key=lambda entry: (entry[0].family, entry[0].network, -entry[0].last))
    open_: list[tuple[Match, Object, list[Match]]] = []  # networks that hold the one in hand, the largest first
    for match, identify, every in entries:
        while open_ and (open_[-1][0].family != match.family or open_[-1][0].last < match.network):
            open_.pop()
        for other, holder, whole in open_[-8:]:
            if holder.value("endpoint") == identify.value("endpoint"):
                continue
            if None not in (match.port, other.port) and match.port != other.port:
                continue
            port = match.port if match.port is not None else other.port
            if taken_by(whole, match.family, match.network, port) and taken_by(
                every, match.family, match.network, port
            ):
                yield Defect(
                    match.place,
                    f"identify '{identify.name}' and identify '{holder.name}' both take {match.text}: calls may be"
                    f" taken for endpoint '{holder.value('endpoint')}'",
                    (Note(other.place, f"identify '{holder.name}'"),),
                )
                break  # one is enough to see that something is wrong with this line
        open_.append((match, identify, every))


CHECK = Check(find, level="warning", category="answer", request="INVITE")
