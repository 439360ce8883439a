r"""A word in `insecure` that chan_sip does not know, and ignores.

Why it matters: channels/chan_sip.c:set_insecure_flags takes `port` and `invite`, separated by commas without blanks, or
a word for no. `very` and `yes` went out of use with Asterisk 1.6. The demand for a password stays: a provider, who has
none for us, gets 401 to each INVITE, or is not recognised because it calls from another port.

Client sees: INVITE -> 401

Log:
    Unknown insecure mode '...' on line ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403; the client must not send the same ones
again.

Verdict: spurious. The line says that no password is wanted.

Does not help: a password for the provider: it does not log in here.

Fix: `port,invite` for `very`, `port` for `yes`, no blanks. Unsafe: it gives up the checks that the line asks to give
up.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.editing import set_value
from cfglint.model.sip import INSECURE, Sip
from cfglint.model.values import is_false
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited

EXAMPLES = [
    Example(
        bad="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=«very»\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=Port,invite\n[1001]\ntype=friend\ninsecure=no\n",
        fixed="[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure=port,invite\n",
    ),
    Example(
        bad="[carrier]\ntype=peer\nhost=192.0.2.9\nsecret=s3cret\ninsecure=port,« invite»\n",
        good="[carrier]\ntype=peer\nhost=192.0.2.9\nsecret=s3cret\ninsecure=port,invite\n",
        fixed="[carrier]\ntype=peer\nhost=192.0.2.9\nsecret=s3cret\ninsecure=port,invite\n",
    ),
]

_MEANT = {"very": "port,invite", "yes": "port", "true": "port", "on": "port", "1": "port"}
"""What old values stood for (channels/chan_sip.c of Asterisk 1.4)."""


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.get("insecure")) is not None)
    for option, peers in by_option(pairs):
        bad = [] if is_false(option.value) or not option.value else _unknown(option.value)
        if not bad:
            continue
        # Who is challenged by mistake is refused; without a secret nobody is challenged anyway.
        refused = any(peer.fixed_host and peer.challenged for peer in peers) and "invite" in _repaired(option.value)
        start, word = bad[0]
        what = f"'{word}'" if word.strip() else "an empty item"
        message = f"{what} is no word of insecure and is ignored"
        if refused:
            message += ": who calls from there is asked for a password"
        place = option.part_place(start, start + len(word)) if word else option.place
        yield Defect(
            place,
            message,
            inherited(option, peers),
            option,
            "error" if refused else None,
            "answer" if refused else None,
            answers=(401,) if refused else (),
        )


def _unknown(value: str) -> list[tuple[int, str]]:
    found, start = [], 0
    for word in value.split(","):
        if word.lower() not in INSECURE:
            found.append((start, word))
        start += len(word) + 1
    return found


def _repaired(value: str) -> str:
    """The words that are meant, as far as they can be told."""
    words = []
    for word in value.replace("|", ",").lower().split(","):
        bare = word.strip()
        meant = _MEANT.get(bare) or (bare if bare in INSECURE else nearest(bare, INSECURE) if bare else None)
        words += (meant or "").split(",")
    return ",".join(dict.fromkeys(word for word in words if word))


def fix(option: Option) -> Fix | None:
    value = _repaired(option.value)
    return Fix(f"write insecure={value}", (set_value(option, value),)) if value else None


CHECK = Check(find, level="warning", category="load", fix=fix, request="INVITE")
