"""chan_sip and chan_pjsip are both to listen on one UDP port, and only one of them can.

Why it matters: the second one to bind fails, logs it and goes on without (channels/chan_sip.c:reload_config,
res_pjsip/config_transport.c:transport_apply). Its phones talk to the other stack, which does not know their accounts:
401 and 403, or 401 again and again, whatever the password.

Silent where modules.conf keeps one of the two from loading, or one of them has no accounts.

Client sees: chan_pjsip has the port: REGISTER -> 401 -> 401; chan_sip has it: REGISTER -> 401 -> 403

Log:
    Failed to bind to ...: ...
    Transport '...' could not be started: ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The phone talks to the wrong stack.

Does not help: typing the password again; restarting: which of the two comes first may change.

Fix: another port for one of them (`bindport` in sip.conf, `bind` of the transport), or do not load the one that is not
used.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.addresses import bound_families, parse_address
from cfglint.model.modules import loads
from cfglint.model.sip import Sip
from cfglint.model.values import number

_SIP = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
_PJSIP = "[udp]\ntype=transport\nprotocol=udp\nbind={}\n[2001]\ntype=endpoint\naors=2001\n"
EXAMPLES = [
    Example(
        bad={"sip.conf": _SIP, "pjsip.conf": _PJSIP.format("«0.0.0.0»")},
        good={"sip.conf": _SIP, "pjsip.conf": _PJSIP.format("0.0.0.0:5062")},
    ),
    Example(
        bad={
            "sip.conf": "[general]\nudpbindaddr=192.0.2.7:5070\n" + _SIP,
            "pjsip.conf": _PJSIP.format("«192.0.2.7:5070»"),
        },
        good={
            "sip.conf": _SIP,
            "pjsip.conf": _PJSIP.format("[::]"),
            "modules.conf": "[modules]\nautoload=yes\nnoload => chan_sip.so\n",
        },
    ),
]

DEFAULT_PORT = 5060


def find(sip: Sip) -> Iterator[Defect]:
    pjsip = sip.tree.pjsip
    if pjsip is None or not sip.peers or not pjsip.declared["endpoint"]:
        return
    binds = [
        o for t in pjsip.declared["transport"] if t.value("protocol", "udp").lower() == "udp" and (o := t.get("bind"))
    ]
    bound = sip.general_option("bindaddr")
    host, port = _split(bound.value if bound is not None else "", number(sip.setting("bindport")) or DEFAULT_PORT)
    for option in binds:
        other, other_port = _split(option.value, DEFAULT_PORT)
        if port != other_port or not _overlap(host, other):
            continue
        modules = sip.tree.companion("modules.conf")
        if loads(modules, "chan_sip.so") and loads(modules, "chan_pjsip.so") and loads(modules, "res_pjsip.so"):
            place = bound.place if bound is not None else next(iter(sip.peers.values())).section.name_place
            note = Note(place, "sip.conf binds it, too" if bound is not None else "sip.conf has accounts, too")
            yield Defect(
                option.value_place, f"chan_sip listens on UDP port {port} as well: only one of the two can", (note,)
            )


def _split(bind: str, port: int) -> tuple[str, int]:
    """Address and port of ``192.0.2.7:5060`` or ``[::]:5060``."""
    host, colon, own = bind.rpartition(":")
    if not colon or (bind.count(":") > 1 and not host.endswith("]")):
        return bind.strip("[]"), port
    return host.strip("[]"), number(own) or port


def _overlap(one: str, other: str) -> bool:
    """Does a socket bound to the one address take packets of the other?"""
    addresses = [parse_address(host or "0.0.0.0") for host in (one, other)]  # noqa: S104 - compared, not bound
    if any(isinstance(address, str) for address in addresses):
        return False
    families = set(bound_families(one or "0")) & set(bound_families(other or "0"))
    return bool(families) and (addresses[0] == addresses[1] or any(address[1] == 0 for address in addresses))


CHECK = Check(find, level="warning", category="load", request="REGISTER")
