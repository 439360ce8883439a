"""A phone's section is not named like its account, and defaultuser does not change that.

Why it matters: chan_sip looks a REGISTER up by the user in To, and channels/chan_sip.c:check_auth compares the digest
user with the section's name. `defaultuser` (formerly `username`) is used for calls to the phone only. A phone that is
given the value of `defaultuser` as its account is told 401, then 403 (404 with alwaysauthreject=no).

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Wrong password
    Registration from '...' failed for '...' - Username/auth name mismatch
    username mismatch, have <...>, digest has <...>

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The password is right, and the log still says that it is wrong.

Does not help: typing the password again; `match_auth_username=yes`: it is not consulted for REGISTER; `fromuser`: it is
for calls that leave.

Fix: name the section like the account, also where the dialplan calls it; or give the phone the section's name as User
ID and Auth ID. `match_auth_username` does not help: it is not consulted for REGISTER.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.editing import rename_section
from cfglint.model.sip import Peer, Sip
from cfglint.resolve.asterisk import Option, folded

EXAMPLES = [
    Example(
        bad="[kitchen]\ntype=friend\nhost=dynamic\ndefaultuser=«1001»\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n",
    ),
    Example(
        bad="[kitchen]\ntype=friend\nhost=dynamic\nusername=«1001»\nsecret=s3cret\n[1001]\ntype=friend\nhost=dynamic\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\ndefaultuser=4930777\nsecret=s3cret\n",
    ),
    Example(
        bad={
            "sip.conf": "[kitchen]\ntype=friend\nhost=dynamic\ndefaultuser=«1001»\nsecret=s3cret\n",
            "extensions.conf": "[phones]\nexten => 11,1,Dial(SIP/kitchen&SIP/kitchen2,20)\n",
        },
        good="[1001]\ntype=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n",
        fixed={
            "sip.conf": "[1001]\ntype=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n",
            "extensions.conf": "[phones]\nexten => 11,1,Dial(SIP/1001&SIP/kitchen2,20)\n",
        },
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        option = peer.get("defaultuser")
        if option is None or not option.value or option.value == peer.name or peer.incomplete:
            continue
        if not (peer.dynamic and peer.registers and peer.secret is not None) or peer.get("fromuser") is not None:
            continue
        message = (
            f"{option.name} does not name the account: a phone that logs in as '{option.value}' is refused,"
            f" the account is '{peer.name}'"
        )
        inherited = option.home is not peer.section
        notes = (Note(peer.section.name_place, f"'{peer.name}' is the account"),) if not inherited else ()
        free = folded(option.value) not in sip.peers and not inherited
        yield Defect(
            option.value_place,
            message,
            notes,
            subject=(sip, peer, option) if free else None,
            answers=(401, 403) if sip.hides_accounts else (404,),
        )


def fix(subject: tuple[Sip, Peer, Option]) -> Fix | None:
    sip, peer, option = subject
    edit = rename_section(sip.config, peer.section, option.value) if len(peer.sections) == 1 else None
    if edit is None:
        return None
    calls = [replace(place, option.value) for place in sip.tree.devices.get(("SIP", peer.name), ())]
    also = " and wherever it is called" if calls else ""
    return Fix(f"name the section '{option.value}', like the account{also}", (edit, *calls))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
