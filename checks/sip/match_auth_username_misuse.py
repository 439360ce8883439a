"""match_auth_username does not let a phone register under its defaultuser.

Why it matters: with `match_auth_username=yes` channels/chan_sip.c:check_user_full looks a caller up by the user in the
Authorization header, for INVITE, SUBSCRIBE and MESSAGE. REGISTER takes no notice: register_verify looks the user in To
up, and the digest user must be the section's name. Who sets it to make `defaultuser` the login still gets 403.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Wrong password
    Registration from '...' failed for '...' - Username/auth name mismatch

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The password is right; the account has another name.

Does not help: typing the password again, another transport.

Fix: name the section like the account.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.sip import Sip
from cfglint.model.values import is_true

_PHONE = "type=friend\nhost=dynamic\ndefaultuser=1001\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad=f"[general]\n«match_auth_username=yes»\n[kitchen]\n{_PHONE}",
        good=f"[general]\nmatch_auth_username=yes\n[1001]\n{_PHONE}",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("match_auth_username")
    if option is None or not is_true(option.value):
        return
    for peer in sip.phones:
        if peer.value("defaultuser", peer.name) != peer.name:
            message = f"REGISTER takes no notice of it: '{peer.name}' still has to log in under that name"
            yield Defect(option.place, message, (Note(peer.section.name_place, "the name that counts"),))
            return


CHECK = Check(find, level="info", category="load", request="REGISTER")
