"""A type that is meant to replace an inherited friend only adds to it.

Why it matters: channels/chan_sip.c:build_peer adds the type lines of a section up, those of its templates first; a
`peer` below a `friend` changes nothing. The section is still found by its name in From, so that a caller whose number
is that name is asked for its password.

Client sees: a caller whose number is the section's name: INVITE -> 401

Log: Nothing.

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The caller is not the device of that name.

Does not help: a second `type=peer` line.

Fix: leave `type` out of the template, or give the section another one.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.sip import Sip

from ._owners import by_option, inherited

EXAMPLES = [
    Example(
        bad="[all](!)\ntype=friend\n[carrier](all)\n«type=peer»\nhost=192.0.2.9\n",
        good="[phone](!)\ntype=friend\n[carrier]\ntype=peer\nhost=192.0.2.9\n[1001](phone)\ntype=friend\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((p.type_options[-1], p) for p in sip.peers.values() if len(p.type_options) > 1 and p.roles == "up")
    for option, peers in by_option(pairs):
        friend = next((o for o in peers[0].type_options[:-1] if o.value.lower() == "friend"), None)
        if friend is None or option.value.lower() not in ("peer", "user"):
            continue
        message = f"the account stays a friend: '{option.value}' only adds to the type above"
        notes = (Note(friend.place, "the type it has already"), *inherited(option, peers))
        yield Defect(option.place, message, notes)


CHECK = Check(find, level="info", category="load")
