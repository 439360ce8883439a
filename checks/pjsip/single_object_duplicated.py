"""A second section of type global or system, which takes the effect from both.

Why it matters: of these types there may be one object only, whatever the sections are called; `[global]` and `[system]`
count without a `type` line, too. With two of them res_sorcery_config.c:sorcery_config_internal_load gives up the type,
and every setting falls back to its default: `default_realm` becomes `asterisk`, so that digests made for another realm
get 401 again and again, and the order of the identifiers is the built-in one.

Client sees: a stored digest for another realm: REGISTER -> 401 -> 401

Log:
    Config file '...' could not be loaded; configuration contains more than one object of type '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The password and the digest fit the realm that stands in the file.

Does not help: giving the two sections different names.

Fix: put the settings into one section. Where the two do not contradict each other, the second is turned into an
addition to the first.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

from ._merging import unite

GLOBAL = "[global]\ntype=global\ndefault_realm=pbx.example.com\n"

EXAMPLES = [
    Example(
        bad=GLOBAL + "\n[«global»]\ntype=global\nuser_agent=PBX\n",
        good=GLOBAL + "\n[global](+)\nuser_agent=PBX\n",
        fixed=GLOBAL + "\n[global](+)\nuser_agent=PBX\n",
    ),
    Example(
        bad=GLOBAL + "[«extra»]\ntype=global\nuser_agent=PBX\n",
        good=GLOBAL + "[extra](!)\ntype=global\nuser_agent=PBX\n",
        fixed=GLOBAL + "[global](+)\nuser_agent=PBX\n",
    ),
    Example(
        bad=GLOBAL + "[«global»]\ntype=global\ndefault_realm=example.com\n",
        good=GLOBAL + "[system]\ntype=system\ntimer_t1=500\n",
        fixed=GLOBAL + "[global](+)\ndefault_realm=example.com\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for kind in pjsip.knowledge.single:
        for first, second in pjsip.duplicates.get(kind, ()):
            yield Defect(
                second.place,
                f"there are two sections of type {kind}, so none of them counts: all their settings fall back to"
                " defaults",
                (Note(first.place, f"{kind} '{first.name}' is the first"),),
                subject=(pjsip, first, second),
            )


def fix(subject: tuple[Pjsip, Object, Object]) -> Fix | None:
    return unite(*subject)


CHECK = Check(find, level="error", category="load", fix=fix)
