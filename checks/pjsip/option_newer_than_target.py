"""An option or value that only later releases know drops the object in the version in question.

Why it matters: an older Asterisk stops at the first option it does not know and throws the whole object away
(main/sorcery.c:ast_sorcery_objectset_apply). A configuration written for a newer release then loses endpoints (401
again and again), AORs (404) or auths (500). Reported where `--target` names the version.

Client sees: of an endpoint: REGISTER -> 401 -> 401; of an AOR: REGISTER -> 401 -> 404; of an auth: REGISTER -> 500

Log:
    Could not find option suitable for category '...' named '...' at line ... of ...
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: a reload: the object is dropped again.

Fix: upgrade, or do without the option.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import remove_line
from cfglint.model.pjsip import LOST, NEWER, Object, Pjsip

from ._phones import inherited

EXAMPLES = [
    Example(
        bad="[1001]\ntype=aor\nmax_contacts=1\n«qualify_2xx_only»=yes\n",
        good="[1001]\ntype=aor\nmax_contacts=1\nqualify_frequency=60\n",
        fixed="[1001]\ntype=aor\nmax_contacts=1\n",
        targets=("asterisk=20.11",),
    ),
    Example(
        bad="[1001]\ntype=auth\nauth_type=«digest»\nusername=1001\npassword=x\n",
        good="[1001]\ntype=auth\nauth_type=userpass\nusername=1001\npassword=x\n",
        targets=("asterisk=22.1",),
    ),
    Example(
        bad="[1001]\ntype=aor\n«qualify_2xx_only»=yes\nmax_contacts=1\n",
        good="[1001]\ntype=aor\nqualify_frequency=60\nmax_contacts=1\n",
        fixed="[1001]\ntype=aor\nmax_contacts=1\n",
        targets=("asterisk=16",),
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for objects in pjsip.dropped(NEWER).values():
        first = objects[0]
        if first.drop is None or first.drop.option is None:
            continue
        option, since = first.drop.option, first.drop.detail
        more = f" and {len(objects) - 1} more" if len(objects) > 1 else ""
        known = pjsip.knowledge.types[first.type].get(option.name) is not None
        shown = f"{option.key}={option.value}" if known else option.key
        yield Defect(
            option.value_place if known else option.key_place,
            f"'{shown}' exists from {since} on and drops {first.type} '{first.name}'{more}:"
            f" {LOST.get(first.type, 'it does not exist')}",
            inherited(first, option),
            subject=None if known else first,
        )


def fix(item: Object) -> Fix | None:
    option = item.drop.option if item.drop else None
    return (
        None
        if option is None
        else Fix(f"delete the line, so that {item.type} '{item.name}' exists", (remove_line(option),))
    )


CHECK = Check(find, level="error", category="load", fix=fix)
