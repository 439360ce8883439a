"""An addition goes to the first section of its name, which is of another type.

Why it matters: `[1001](+)` adds to the first section called 1001 (main/config.c:category_get_sep), and in pjsip.conf an
endpoint, its auth and its AOR often share one name. An option that the first one's type does not know drops that
object: res_sorcery_config.c throws it away, and the phone gets 401 again and again, 404 or 500.

Client sees: REGISTER -> 401 -> 401

Log:
    Could not find option suitable for category '...' named '...' at line ... of ...
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: moving the addition further down.

Fix: say which one is meant: `[1001](+type=aor)`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect, Note
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST, UNKNOWN_OPTION
from cfglint.source import Place

from ._phones import PHONE

EXAMPLES = [
    Example(
        bad=PHONE + "[1001](«+»)\nqualify_frequency=60\n",
        good=PHONE + "[1001](+type=aor)\nqualify_frequency=60\n",
        fixed=PHONE + "[1001](+type=aor)\nqualify_frequency=60\n",
    ),
    Example(
        bad=PHONE + "[1001](«+»)\nqualify_frequency=60\nrealm=pbx\n",
        good=PHONE + "[1001](+)\ncontext=phones\nallow=alaw\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for item in [o for kind in pjsip.declared.values() for o in kind if o.drop and o.drop.reason == UNKNOWN_OPTION]:
        option = item.drop.option if item.drop else None
        if option is None or option.home is not item.section:
            continue
        plus = pjsip.bare_plus(option)
        if plus is None:
            continue
        others = [s for s in pjsip.config.named(item.name) if not s.template and s is not item.section]
        kinds = [t.value for s in others if (t := s.first("type")) and t.value in pjsip.knowledge.types]
        added = [o.name for o in item.section.options if o.source is option.source and pjsip.bare_plus(o) == plus]
        fitting = [kind for kind in kinds if all(pjsip.knowledge.types[kind].get(n) is not None for n in added)]
        if not kinds:
            continue
        meant = fitting[0] if len(fitting) == 1 else None
        hint = f"; did you mean (+type={meant})?" if meant else ""
        yield Defect(
            plus,
            f"this adds '{option.key}' to {item.type} '{item.name}', which drops it: {LOST.get(item.type, '')}{hint}",
            (Note(item.place, f"{item.type} '{item.name}' is the first section of the name"),),
            subject=(plus, meant) if meant else None,
        )


def fix(subject: tuple[Place, str]) -> Fix:
    plus, kind = subject
    return Fix(f"add to the section of type {kind}", (insert(plus.source, plus.span.end, f"type={kind}"),))


CHECK = Check(find, level="error", category="load", fix=fix)
