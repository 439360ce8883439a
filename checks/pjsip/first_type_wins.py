"""A section says two types; only the first counts.

Why it matters: res_sorcery_config.c:sorcery_is_criteria_met looks at the first `type` line of a section, and lines from
a template come first. A `type=auth` in a section whose template says `type=endpoint` makes no auth: the section is
another endpoint, and its first auth option drops it. The later line is taken without a word in the log.

Client sees: REGISTER -> 401 -> 401

Log: Only where an option does not suit the first type.
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The section stands in the file as something else than was meant.

Does not help: a second `type` line below, or one in a section of the same name that adds to it.

Fix: use a template of the right type, or one without a type. Where there is just one template of the type that the
section names, the edit inherits from that one.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST, Object
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._templates import exchange_template

EXAMPLES = [
    Example(
        bad="[base](!)\ntype=endpoint\ncontext=phones\n\n[1001](base)\n«type=auth»\nusername=1001\npassword=x\n",
        good="[base](!)\ntype=auth\npassword=x\n\n[1001](base)\ntype=auth\nusername=1001\n",
    ),
    Example(
        bad="[base](!)\ntype=endpoint\n[login](!)\ntype=auth\n\n[1001](base)\n«type=auth»\nusername=1001\n",
        good="[login](!)\ntype=auth\n\n[1001](login)\ntype=auth\nusername=1001\n",
        fixed="[base](!)\ntype=endpoint\n[login](!)\ntype=auth\n\n[1001](login)\ntype=auth\nusername=1001\n",
    ),
    Example(
        bad="[1001]\ntype=aor\n«type=endpoint»\nallow=ulaw\n",
        good="[1001]\ntype=aor\nmax_contacts=1\n\n[1001]\ntype=endpoint\nallow=ulaw\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    found: dict[tuple[Source, int], tuple[Object, Option]] = {}
    for declared in pjsip.declared.values():
        for item in declared:
            if item.get("type") is item.type_option:
                continue  # there is one alone
            for option in item.options:
                if option.name == "type" and option.value != item.type and not item.wizard:
                    found.setdefault((option.source, option.start), (item, option))
    for item, option in found.values():
        lost = f": {LOST[option.value]}" if option.value in LOST else ""
        first = item.type_option
        notes = (Note(first.place, "this type counts"),) if first is not None else ()
        yield Defect(
            option.place,
            f"section '{item.name}' is of type {item.type}, and this type={option.value} is ignored{lost}",
            notes,
            subject=(pjsip, item) if option.home is item.section else None,
            # Where the object exists all the same, the second type may be a leftover.
            level=None if item.drop is not None else "warning",
        )


def fix(subject: tuple[Pjsip, Object]) -> Fix | None:
    return exchange_template(*subject)


CHECK = Check(find, level="error", category="load", fix=fix)
