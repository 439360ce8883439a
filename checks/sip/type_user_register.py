"""An account of type user that is meant to register.

Why it matters: channels/chan_sip.c:register_verify looks only at sections of type `peer` and `friend`. A REGISTER for a
`type=user` section is treated like one for an unknown account: 401, then 403 (404 with alwaysauthreject=no), and the
log says "Wrong password".

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
