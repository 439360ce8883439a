"""sip.conf has accounts, but modules.conf keeps chan_sip from loading.

Why it matters: `noload => chan_sip.so`, or `autoload=no` without a `load` line for it (main/loader.c), leaves sip.conf
unread. Nobody answers on its port, or chan_pjsip does, which does not know the accounts: 401 again and again. chan_sip
is not built by default since Asterisk 17, and gone since 21.

An information where pjsip.conf has endpoints: then sip.conf is probably a leftover.

Client sees: nothing else listens: REGISTER -> no answer; chan_pjsip listens there: REGISTER -> 401 -> 401

Log: Nothing: a module that is not to be loaded is not missed.

Verdict: spurious. The accounts stand in a file that nobody reads.

Does not help: anything that is changed in sip.conf or in the phone.

Fix: load chan_sip, or move the accounts to pjsip.conf.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.modules import decisive, loads
from cfglint.model.sip import Sip

_SIP = "[{}]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad={"sip.conf": _SIP.format("«1001»"), "modules.conf": "[modules]\nautoload=yes\nnoload = chan_sip.so\n"},
        good={"sip.conf": _SIP.format("1001"), "modules.conf": "[modules]\nautoload=yes\nnoload = chan_pjsip.so\n"},
    ),
    Example(
        bad={"sip.conf": _SIP.format("«1001»"), "modules.conf": "[modules]\nautoload=no\nload => app_dial.so\n"},
        good={"sip.conf": _SIP.format("1001"), "modules.conf": "[modules]\nautoload=no\nload => chan_sip.so\n"},
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    modules = sip.tree.companion("modules.conf") if sip.peers else None
    if loads(modules, "chan_sip.so"):
        return
    option = decisive(modules, "chan_sip.so")
    notes = (Note(option.place, "this decides it"),) if option is not None else ()
    leftover = sip.tree.pjsip is not None and bool(sip.tree.pjsip.declared["endpoint"])
    place = next(iter(sip.peers.values())).section.name_place
    yield Defect(
        place, "chan_sip is not loaded: no account of sip.conf exists", notes, level="info" if leftover else None
    )


CHECK = Check(find, level="warning", category="load", request="REGISTER")
