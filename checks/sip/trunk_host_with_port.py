"""A host with a port or a scheme is looked up as a name, and the section has no address.

Why it matters: channels/chan_sip.c:build_peer takes `host` for an address or a name without port
(main/dnsmgr.c:internal_dnsmgr_lookup); the port has an option of its own. `192.0.2.9:5080` resolves to nothing: calls
from there are not recognised, and calls to it fail. With `defaultip` the peer is deleted altogether.

Client sees: with allowguest=no: INVITE -> 401

Log:
    Failed to authenticate device ... for ..., code = ...

Verdict: spurious. The address stands in the file.

Does not help: `insecure=port`: there is no address to compare with.

Fix: `host` and `port`. The edit is safe: it only gives the address written there its section.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, insert_line_after
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Sip, split_host
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited, shown

EXAMPLES = [
    Example(
        bad="[carrier]\ntype=peer\nhost = «192.0.2.9:5080»\n",
        good="[carrier]\ntype=peer\nhost = 192.0.2.9\nport = 5080\n[v6]\ntype=peer\nhost=2001:db8::9\n",
        fixed="[carrier]\ntype=peer\nhost = 192.0.2.9\nport = 5080\n",
    ),
    Example(
        bad="[carrier]\ntype=peer\nhost=«sip:sip.example.net»\ninsecure=invite\n",
        good="[carrier]\ntype=peer\nhost=sip.example.net\ninsecure=invite\n",
        fixed="[carrier]\ntype=peer\nhost=sip.example.net\ninsecure=invite\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndefaultip=«192.0.2.9:5060»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndefaultip=192.0.2.9\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndefaultip=192.0.2.9\nport=5060\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for name in ("host", "defaultip"):
        pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.get(name)) is not None)
        for option, peers in by_option(pairs):
            if split_host(option.value) is None:
                continue
            subject = option if all(peer.get("port") is None for peer in peers) else None
            notes = inherited(option, peers)
            if name == "host":
                message = f"'{option.value}' is looked up as a name and found nowhere: {shown(peers)} has no address"
                yield Defect(option.value_place, message, notes, subject)
            else:
                message = f"'{option.value}' is no address, so {shown(peers)} is deleted"
                answers = (401, 403) if sip.hides_accounts else (404,)
                yield Defect(option.value_place, message, notes, subject, "error", "answer", answers=answers)


def fix(option: Option) -> Fix | None:
    parts = split_host(option.value)
    if parts is None:
        return None
    edits = [set_value(option, parts[0])]
    if parts[1]:
        line, key, value = option.line_place.text, option.assignment.key_span, option.assignment.value_span
        text = f"{line[: key.start]}port{line[key.end : value.start]}{parts[1]}"
        edits.append(insert_line_after(option.source, option.start, text))
    return Fix("write host and port apart", tuple(edits), SAFE)


CHECK = Check(find, level="warning", category="load", fix=fix, request="INVITE")
