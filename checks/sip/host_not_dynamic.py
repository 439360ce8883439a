"""An account whose host is an address, or missing, cannot register.

Why it matters: channels/chan_sip.c:register_verify refuses a REGISTER for a section whose `host` is not `dynamic`: 401
and 403, or 403 at once with alwaysauthreject=no. Without a `host` line chan_sip does not know where the device is at
all, so it cannot be called either.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 403

Log:
    Peer '...' is trying to register, but not configured as host=dynamic
    Registration from '...' failed for '...' - Peer is not supposed to register

RFC: 3261 section 10.3: 403 is for a user who may not change the bindings of this address-of-record (step 4); that is
what a fixed host says.

Verdict: depends. Deserved for a trunk that should not register; spurious for a phone.

Does not help: typing the password again: it is not looked at.

Fix: `host=dynamic` for a phone that registers. An address is right for a trunk, or for a phone that never registers.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import nearest
from cfglint.model.editing import add_option, set_value
from cfglint.model.sip import Peer, Sip

from ._trunks import logs_in_there

EXAMPLES = [
    Example(
        bad="[«1001»]\ntype=friend\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nsecret=s3cret\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\nsecret=s3cret\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nsecret=s3cret\nhost=«dynamc»\n",
        good="[1001]\ntype=friend\nsecret=s3cret\nhost=Dynamic\n",
        fixed="[1001]\ntype=friend\nsecret=s3cret\nhost=dynamic\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nsecret=s3cret\nhost=«192.168.1.50»\n",
        good="[carrier]\ntype=peer\nsecret=s3cret\nfromuser=4930777\nhost=192.0.2.9\n",
        fixed="[1001]\ntype=friend\nsecret=s3cret\nhost=dynamic\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for peer in sip.peers.values():
        if not peer.registers or peer.dynamic or peer.secret is None or peer.incomplete or logs_in_there(peer):
            continue
        if peer.empty_host is not None:
            continue  # it is deleted: another check's
        option = peer.get("host")
        answers = (401, 403) if sip.hides_accounts else (403,)
        if option is None and sip.config.incomplete:
            continue  # what is not here may set it
        if option is None:
            message = f"'{peer.name}' has no host: it can neither register nor be called"
            yield Defect(peer.section.name_place, message, subject=peer, answers=answers)
            continue
        if option.value.isalpha() and nearest(option.value, ("dynamic",)):
            message = (
                f"'{option.value}' is looked up as a name, so '{peer.name}' cannot register; did you mean 'dynamic'?"
            )
            yield Defect(option.value_place, message, subject=peer, answers=answers)
            continue
        message = f"'{peer.name}' has a fixed host and cannot register; right if the device never does"
        inherited = option.home is not peer.sections[-1]
        notes = (Note(peer.section.name_place, f"'{peer.name}' inherits it"),) if inherited else ()
        yield Defect(option.value_place, message, notes, level="info", subject=peer, answers=answers)


def fix(peer: Peer) -> Fix:
    option = peer.get("host")
    if option is not None and option.home is peer.sections[-1]:
        return Fix(f"let '{peer.name}' register from anywhere its address list allows", (set_value(option, "dynamic"),))
    return Fix(f"let '{peer.name}' register", (add_option(peer.sections[-1], ("host", "dynamic")),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
