"""Several nat lines of one account add up, and the last one does not replace the others.

Why it matters: channels/sip/config_parser.c:sip_parse_nat_option only ever adds flags; `no` and `yes` alone take some
away. A template's `auto_force_rport` outlives the account's own `force_rport`, which is then ignored without a word,
and a template's `comedia` outlives `force_rport`. Answers and media go to another address than the last line says.

An information: where it detects a router right, the automatic setting does the same.

Log: Nothing.

RFC: 3581 section 4: with `rport` a server answers to the port that a request came from.

Does not help: repeating the last line.

Fix: delete the line above, or write `nat=no` before the one that is to count. Unsafe: it changes where answers go.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_above
from cfglint.model.nat import nat_flags
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

from ._owners import by_option, inherited

EXAMPLES = [
    Example(
        bad="[phone](!)\nnat=auto_force_rport,auto_comedia\n[1001](phone)\ntype=friend\n«nat=force_rport,comedia»\n",
        good="[phone](!)\nnat=auto_force_rport\n[1001](phone)\ntype=friend\nnat=no\n[1002](phone)\ntype=friend\n",
        fixed="[phone](!)\nnat=auto_force_rport,auto_comedia\n[1001](phone)\ntype=friend\nnat=no\n"
        "nat=force_rport,comedia\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    pairs = ((option, peer) for peer in sip.peers.values() if (option := peer.get("nat")) is not None)
    for option, peers in by_option(pairs):
        above = [line for line in peers[0].options if line.name == "nat"]
        if len(above) < 2:
            continue
        together, alone = nat_flags(line.value for line in above), nat_flags([option.value])
        if together == alone:
            continue
        shown = ",".join(sorted(together)) or "no"
        note = Note(above[-2].place, "the line above counts, too")
        cleared = nat_flags([*(line.value for line in above[:-1]), "no", option.value]) == alone
        yield Defect(
            option.place,
            f"together with the line above this is nat={shown}",
            (note, *inherited(option, peers)),
            subject=option if cleared else None,
        )


def fix(option: Option) -> Fix:
    return Fix("let this nat line count alone", (add_above(option, (option.key, "no")),))


CHECK = Check(find, level="info", category="load", fix=fix)
