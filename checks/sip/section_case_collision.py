"""Two sections differ only in case: one of the names is no account.

Why it matters: the table of peers compares names without case (channels/chan_sip.c:peer_cmp_cb), so the later section
is built on top of the earlier one and gives it its spelling; a request is looked up with case (find_by_name). The phone
that uses the earlier spelling gets 401, then 403 (404 with alwaysauthreject=no).

Client sees: with the earlier spelling: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 19.1.4: the user part of a URI is compared with case, so the two names are two users.

Verdict: spurious. The phone uses a name that stands in the file.

Does not help: typing the password again, another transport, SIP ALG or NAT settings: there is no account to compare
them with.

Fix: give the sections names that differ in more than case, or delete one of them. Where the earlier one only repeats
what the later one says, the edit deletes it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_section
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Section

_BOB = "type=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad=f"[«Bob»]\n{_BOB}[bob]\n{_BOB}",
        fixed=f"[bob]\n{_BOB}",
        good=f"[bob]\n{_BOB}[bob]\ntype=friend\ncallerid=Bob <1001>\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        for section in peer.sections if len(peer.sections) > 1 else ():
            if section.name != peer.name:
                message = (
                    f"'{section.name}' is no account: [{peer.name}] below replaces it, as case does not count there"
                )
                note = Note(peer.sections[-1].name_place, "this spelling counts")
                answers = (401, 403) if sip.hides_accounts else (404,)
                yield Defect(section.name_place, message, (note,), (sip, peer, section), answers=answers)


def fix(subject: tuple[Sip, Peer, Section]) -> Fix | None:
    sip, peer, section = subject
    later = {(option.name, option.value) for option in peer.sections[-1].options}
    if any((option.name, option.value) not in later for option in section.options) or id(section) in sip.config.bases:
        return None
    edit = remove_section(section)
    return None if edit is None else Fix(f"delete [{section.name}], which [{peer.name}] repeats", (edit,))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
