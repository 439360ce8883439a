"""Two sections of one name make up one account.

Why it matters: channels/chan_sip.c:build_peer builds the second on top of the first: a later value replaces an earlier
one, `permit` and `deny` add up, and `transport`, `auth` and `setvar` of the first are gone. Where the two were meant as
two accounts, the phone with the first password gets 401, then 403.

A warning where both name a password, and not the same, or where a `transport` is lost; otherwise an information.

Client sees: with the first section's password: REGISTER -> 401 -> 403; over the first section's transport: REGISTER ->
401 -> 403

Log:
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious, where two accounts were meant.

Does not help: the order of the two sections: it only turns round which password counts.

Fix: give each account a section of its own, or write `[name](+)` for the second part, which says what is meant, and
keeps `transport`, `auth` and `setvar` of the first. The edit does that, where there is one password.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Section

_PHONE = "type=friend\nhost=dynamic\n"
EXAMPLES = [
    Example(
        bad=f"[1001]\n{_PHONE}secret=first\n[«1001»]\n{_PHONE}secret=second\n",
        good=f"[1001]\n{_PHONE}secret=first\n[1001](+)\ncallerid=Desk <1001>\n",
    ),
    Example(
        bad="[general]\ntcpenable=yes\n"
        f"[1001]\n{_PHONE}secret=s3cret\ntransport=udp,tcp\n[«1001»]\ntype=friend\ncontext=sales\n",
        good=f"[1001]\n{_PHONE}secret=s3cret\n[1001]\ncontext=sales\n",
        fixed="[general]\ntcpenable=yes\n"
        f"[1001]\n{_PHONE}secret=s3cret\ntransport=udp,tcp\n[1001](+)\ntype=friend\ncontext=sales\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        for first, second in zip(peer.sections, peer.sections[1:], strict=False):
            if first.name == second.name:
                yield _merged(sip, peer, first, second)


def _merged(sip: Sip, peer: Peer, first: Section, second: Section) -> Defect:
    note = Note(first.name_place, "this is the first part")
    for name in ("secret", "md5secret"):
        one, other = first.last(name), second.last(name)
        if one is not None and other is not None and one.value and other.value and one.value != other.value:
            message = f"the {name} of this section replaces that of the first [{peer.name}]: they are one account"
            notes = (note, Note(one.place, f"a phone with this {name} is refused"))
            return Defect(second.name_place, message, notes, level="warning", category="answer", answers=(401, 403))
    allowed = set(sip.transports(Peer(first)))
    if first.last("transport") is not None and peer.dynamic and not allowed <= set(sip.transports(peer)):
        line = first.last("transport")
        gone = ", ".join(sorted(allowed - set(sip.transports(peer)))).upper()
        message = f"[{peer.name}] is added to the first section of that name, whose transport is lost: {gone} gets 403"
        notes = (note, *((Note(line.place, "this is not looked at any more"),) if line is not None else ()))
        return Defect(second.name_place, message, notes, second, "warning", "answer", answers=(401, 403))
    lost = [name for name in ("transport", "auth", "setvar") if first.last(name) is not None]
    gone = f"; {', '.join(lost)} of the first is lost" if lost else ""
    return Defect(second.name_place, f"[{peer.name}] is added to the first section of that name{gone}", (note,), second)


def fix(second: Section) -> Fix | None:
    header = second.header
    if header.detached is not None or any(item.text in ("", "!") for item in header.items or ()):
        return None
    source = second.source
    if header.items:
        edit = insert(source, header.items[0].span.start, "+,")
    else:
        edit = insert(source, second.name_place.span.end + 1, "(+)")
    return Fix(f"add this to the first [{second.name}] before the account is built", (edit,))


CHECK = Check(find, level="info", category="load", fix=fix, request="REGISTER")
