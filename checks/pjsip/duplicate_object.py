"""Two objects of one type and name, which keep the whole type from loading.

Why it matters: res_sorcery_config.c:sorcery_config_internal_load gives up the whole type at the second object of one
name. After a start no endpoint at all exists (every phone gets 401), or no auth (500), or no AOR (404), even those that
have nothing to do with it; after a reload the old ones stay. Sections of one name but different types belong together
and are no duplicates; `[name](+)` adds to the section that exists.

Client sees: two endpoints: REGISTER -> 401 -> 401; two auths: REGISTER -> 500; two AORs: REGISTER -> 401 -> 404

Log:
    Config file '...' could not be loaded; configuration contains a duplicate object: '...' of type '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious, for every phone there is.

Does not help: reloading: the file is read again and given up again.

Fix: delete one of the two, or rename it. Two sections that say the same can be made one automatically, and so can two
that do not contradict each other: the second is turned into an addition to the first.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_section
from cfglint.model.pjsip import LOST, Object, Pjsip

from ._merging import merge

EXAMPLES = [
    Example(
        bad="[1001]\ntype=endpoint\naors=1001\n\n[«1001»]\ntype=endpoint\ncontext=phones\n",
        fixed="[1001]\ntype=endpoint\naors=1001\n\n[1001](+type=endpoint)\ncontext=phones\n",
        good="[1001]\ntype=endpoint\naors=1001\n\n[1001](+)\ncontext=phones\n\n[1001]\ntype=aor\nmax_contacts=1\n",
    ),
    Example(
        bad="[1001]\ntype=aor\nmax_contacts=1\n\n[«1001»]\ntype=aor\nmax_contacts=1\n\n[1002]\ntype=aor\n",
        good="[1001]\ntype=aor\nmax_contacts=1\n\n[1002]\ntype=aor\n",
        fixed="[1001]\ntype=aor\nmax_contacts=1\n\n[1002]\ntype=aor\n",
    ),
]

ALL_LOST = {
    "endpoint": "no endpoint at all is loaded, and every phone gets 401",
    "aor": "no aor at all is loaded, and every REGISTER gets 404",
    "auth": "no auth at all is loaded, and every request gets 500",
}


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for kind, pairs in pjsip.duplicates.items():
        if kind in pjsip.knowledge.single:
            continue  # they have a check of their own
        for first, second in pairs:
            lost = ALL_LOST.get(kind, f"no {kind} at all is loaded: {LOST.get(kind, 'none exists')}")
            yield Defect(
                second.place,
                f"{kind} '{second.name}' is defined twice: {lost}",
                (Note(first.place, f"{kind} '{first.name}' is first defined here"),),
                subject=(pjsip, first, second),
                # Recorded: with a doubled transport an error is logged, but the port is open all the same.
                level="info" if kind == "transport" else None,
            )


def _says(item: Object) -> list[tuple[str, str]]:
    return [(option.name, option.value) for option in item.options]


def fix(subject: tuple[Pjsip, Object, Object]) -> Fix | None:
    pjsip, first, second = subject
    if first.section is second.section or second.wizard:
        return None
    if _says(first) == _says(second):
        edit = remove_section(second.section)
        title = f"delete the second, equal {second.type} '{second.name}'"
        return None if edit is None else Fix(title, (edit,), SAFE)
    edits = merge(pjsip, first, second)
    return Fix(f"add the second {second.type} '{second.name}' to the first", edits) if edits else None


CHECK = Check(find, level="error", category="load", fix=fix, request="any request")
