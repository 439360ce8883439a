"""Phones that come over TCP, TLS or a web socket are refused, because only UDP is allowed for them.

Why it matters: after a correct password channels/chan_sip.c:register_verify compares the transport the REGISTER came
over with the account's `transport` list, and answers 403 when it is not there. The default is UDP alone, even when
`tcpenable` or `tlsenable` opens a listener. It is one of the few 403s that another transport does cure.

Client sees: REGISTER -> 401 -> 403

Log:
    '...' is not a valid transport for '...'. we only use '...'! ending call.
    Registration from '...' failed for '...' - Device not configured to use this transport type

RFC: 3261 section 18.2.1: where a server listens for UDP it has to listen for TCP, too; which of them an account uses is
no reason for 403.

Verdict: spurious. The password was right.

Does not help: typing the password again; `transport` in the phone's own section of another account.

Fix: `transport=udp,tcp` (or `tls`, `wss`) in [general] or in the phone's section.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option
from cfglint.model.sip import Peer, Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Section

PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
BROWSER = "[general]\nudpbindaddr=0.0.0.0\n" + PHONE

EXAMPLES = [
    Example(
        bad="[general]\n«tcpenable=yes»\n" + PHONE,
        good="[general]\ntcpenable=yes\ntransport=udp,tcp\n" + PHONE,
        fixed="[general]\ntcpenable=yes\ntransport=udp,tcp\n" + PHONE,
    ),
    Example(
        bad=BROWSER + "«avpf=yes»\nencryption=yes\nicesupport=yes\n",
        good="[general]\nudpbindaddr=0.0.0.0\n"
        + PHONE
        + "avpf=yes\nencryption=yes\nicesupport=yes\ntransport=ws,wss\n",
        fixed="[general]\nudpbindaddr=0.0.0.0\n"
        + PHONE
        + "avpf=yes\nencryption=yes\nicesupport=yes\ntransport=ws,wss\n",
    ),
]

BROWSER_OPTIONS = ("avpf", "force_avp", "dtlsenable")
"""What only browsers need, and those come over a web socket."""


def find(sip: Sip) -> Iterator[Defect]:
    phones = [p for p in sip.peers.values() if p.dynamic and p.registers and p.secret is not None]
    if sip.general is not None and phones:
        yield from _idle_listeners(sip, sip.general, phones)
    for peer in phones:
        option = next((o for name in BROWSER_OPTIONS if (o := peer.get(name)) is not None and is_true(o.value)), None)
        if option is None or {"ws", "wss"} & set(sip.transports(peer)) or peer.incomplete:
            continue
        message = f"'{peer.name}' is set up for a browser but may not use web sockets: REGISTER gets 403"
        inherited = option.home is not peer.sections[-1]
        notes = (Note(peer.section.name_place, f"'{peer.name}' inherits it"),) if inherited else ()
        yield Defect(option.place, message, notes, subject=(peer.sections[-1], "ws,wss"), answers=(401, 403))


def _idle_listeners(sip: Sip, general: Section, phones: list[Peer]) -> Iterator[Defect]:
    """A listener that no account may use: every phone that comes that way is refused."""
    allowed = {name for peer in sip.peers.values() for name in sip.transports(peer)}
    used = {line.value.partition("://")[0].lower() for line in sip.general_options("register")}
    for name, on in (("tcp", sip.listens_tcp), ("tls", sip.listens_tls)):
        option = sip.general_option(f"{name}enable")
        if not on or option is None or name in allowed or name in used or sip.external:
            continue
        some = f"'{phones[0].name}'" + (f" and {len(phones) - 1} more" if len(phones) > 1 else "")
        message = f"{option.name} opens a listener that no account may use: {some} get 403 over {name.upper()}"
        note = Note(phones[0].section.name_place, f"'{phones[0].name}' may only use UDP")
        fixable = sip.general_option("transport") is None
        yield Defect(
            option.place, message, (note,), subject=(general, f"udp,{name}") if fixable else None, answers=(401, 403)
        )


def fix(subject: tuple[Section, str]) -> Fix | None:
    section, value = subject
    if section.last("transport") is not None:
        return None
    return Fix(f"allow {value} there", (add_option(section, ("transport", value)),))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
