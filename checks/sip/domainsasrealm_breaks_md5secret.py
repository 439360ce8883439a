"""domainsasrealm changes the realm with the name the phone uses, while md5secret is made for one realm.

Why it matters: with `domainsasrealm=yes` and a `domain` list, channels/chan_sip.c:get_realm offers the host of From,
then of To, as realm if it is listed, and `realm` only otherwise. An `md5secret` holds the realm it was computed for. A
phone that comes by another name or by the address gets 401, then 403.

Client sees: by another name or by the address: REGISTER -> 401 -> 403

Log:
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 22.1: the realm alone defines what credentials are good for; a stored digest contains it.

Verdict: spurious. The password is right; the digest is for another realm.

Does not help: typing the password again.

Fix: leave `domainsasrealm` off, or use `secret`. Right as it is only if every digest was computed for the one listed
name that all phones use. Unsafe: it changes the realm for everybody.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_line
from cfglint.model.sip import Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Option

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nmd5secret=5ebe2294ecd0e0f08eab7690d2a6ee69\n"
EXAMPLES = [
    Example(
        bad="[general]\n«domainsasrealm=yes»\ndomain=sip.example.com\n" + _PHONE,
        good="[general]\nrealm=sip.example.com\ndomain=sip.example.com\n" + _PHONE,
        fixed="[general]\ndomain=sip.example.com\n" + _PHONE,
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("domainsasrealm")
    if option is None or not is_true(option.value) or not sip.domains:
        return
    digests = [peer for peer in sip.phones if (secret := peer.secret) is not None and secret.name == "md5secret"]
    if digests:
        name = digests[0].name
        more = f" and {len(digests) - 1} more are" if len(digests) > 1 else " is"
        message = f"the realm follows the phone's domain, but the md5secret of '{name}'{more} made for one realm"
        secret = digests[0].secret
        notes = (Note(secret.place, "a digest holds its realm"),) if secret is not None else ()
        yield Defect(option.place, message, notes, option, answers=(401, 403))


def fix(option: Option) -> Fix:
    return Fix("offer the same realm to everybody", (remove_line(option),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
