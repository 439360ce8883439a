"""A phone's name looks like a telephone number, and a caller with that number is taken for the phone.

Why it matters: channels/chan_sip.c:check_peer_ok looks a caller up by the user in From among sections of type user and
friend before it looks at the address. When a trunk brings a call from that number, as when the phone's own number calls
back from outside, the provider is asked for the phone's password: 401.

An information: it takes a caller with exactly that number.

Client sees: INVITE -> 401

Log: A caller that does not answer the challenge leaves no line.

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The caller is not the phone, and the provider has no password for it.

Does not help: `insecure=invite` in the trunk's section: the phone's section was found first.

Fix: `type=peer` for the phone, which is found by the address it registered from, or a name that is no number.
Unsafe: a phone that calls before it has registered is not known any more.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.model.sip import Peer, Sip

from ._trunks import trunks

_TRUNK = "[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\n"
EXAMPLES = [
    Example(
        bad=_TRUNK + "[«4930123456»]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good=_TRUNK + "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n[4930123456]\ntype=peer\nhost=dynamic\n",
        fixed=_TRUNK + "[4930123456]\ntype=peer\nhost=dynamic\nsecret=s3cret\n",
    ),
]

SHORTEST = 7
"""Digits of a number that may come from outside."""


def find(sip: Sip) -> Iterator[Defect]:
    if not any("invite" in peer.insecure for peer in trunks(sip)):
        return
    numbers = [p for p in sip.phones if "u" in p.roles and p.secret is not None and _is_number(p.name)]
    if numbers:
        more = f", like {len(numbers) - 1} more," if len(numbers) > 1 else ""
        message = f"a call from outside with the number '{numbers[0].name}'{more} is taken for the phone and challenged"
        yield Defect(numbers[0].section.name_place, message, subject=numbers, answers=(401,))


def _is_number(name: str) -> bool:
    digits = name.removeprefix("+")
    return digits.isdecimal() and len(digits) >= SHORTEST


def fix(phones: list[Peer]) -> Fix | None:
    types = [phone.type_options[-1] for phone in phones if len(phone.type_options) == 1]
    if len(types) < len(phones) or any(option.home is not p.section for option, p in zip(types, phones, strict=True)):
        return None
    names = " and ".join(f"'{phone.name}'" for phone in phones)
    return Fix(f"find {names} by address", tuple(set_value(option, "peer") for option in types))


CHECK = Check(find, level="info", category="answer", request="INVITE", fix=fix)
