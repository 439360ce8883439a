"""An account of type user that is meant to register.

Why it matters: channels/chan_sip.c:register_verify looks only at sections of type `peer` and `friend`. A REGISTER for a
`type=user` section is treated like one for an unknown account: 401, then 403 (404 with alwaysauthreject=no).

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The password is right, and the log still says that it is wrong.

Does not help: typing the password again, another transport, SIP ALG or NAT settings: there is no account to compare
them with.

Fix: `type=friend`, which may register and call. `user` is for accounts that only call.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option, set_value
from cfglint.model.sip import Peer, Sip

EXAMPLES = [
    Example(
        bad="[1001]\ntype=«user»\nhost=dynamic\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[caller](!)\ntype=«user»\n[1001](caller)\nhost=dynamic\nsecret=s3cret\n",
        good="[caller](!)\ntype=user\n[1001](caller)\nsecret=s3cret\n[1001](+)\ntype=peer\nhost=dynamic\n",
        fixed="[caller](!)\ntype=user\n[1001](caller)\nhost=dynamic\nsecret=s3cret\ntype=friend\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        if peer.roles != "u" or peer.incomplete or not peer.dynamic:
            continue
        option = peer.type_options[-1]
        inherited = option.home is not peer.sections[-1]
        notes = (Note(peer.section.name_place, f"'{peer.name}' inherits it"),) if inherited else ()
        yield Defect(
            option.value_place,
            f"'{peer.name}' has host=dynamic but is of type user, which cannot register",
            notes,
            subject=peer,
            answers=(401, 403) if sip.hides_accounts else (404,),
        )


def fix(peer: Peer) -> Fix:
    """All type lines count together, so a line of its own is enough where the type is inherited."""
    option = peer.type_options[-1]
    own = option.home is peer.sections[-1]
    edit = set_value(option, "friend") if own else add_option(peer.sections[-1], ("type", "friend"))
    return Fix(f"let '{peer.name}' register and call", (edit,))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
