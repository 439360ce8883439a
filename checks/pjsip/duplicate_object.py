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

Fix: delete one of the two, or rename it. A copy that was not renamed gets the name that its auth or the endpoints tell.
Of two that say the same one is deleted; else the second is turned into an addition to the first, whose lines count
where the two contradict each other.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import rename_section, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST, Object

from ._merging import unite
from ._phones import AOR, AUTH, ENDPOINT

ENDPOINT_2, AUTH_2, AOR_2 = (text.replace("1001", "1002") for text in (ENDPOINT, AUTH, AOR))

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
    Example(
        bad="[aor](!)\ntype = aor\n[1001](aor)\nmax_contacts = 1\n[«1001»](aor)\nmax_contacts = 5\n",
        good="[aor](!)\ntype = aor\n[1001](aor)\nmax_contacts = 1\n[1002](aor)\nmax_contacts = 5\n",
        fixed="[aor](!)\ntype = aor\n[1001](aor)\nmax_contacts = 1\n[1001](+type=aor,aor)\nmax_contacts = 5\n",
    ),
    Example(
        bad=ENDPOINT + AUTH + AOR + "[«1001»]\ntype=endpoint\nallow=ulaw\naors=1001\nauth=1002\n" + AUTH_2 + AOR_2,
        good=ENDPOINT + AUTH + AOR + "[1002]\ntype=endpoint\nallow=ulaw\naors=1002\nauth=1002\n" + AUTH_2 + AOR_2,
        fixed=ENDPOINT + AUTH + AOR + "[1002]\ntype=endpoint\nallow=ulaw\naors=1002\nauth=1002\n" + AUTH_2 + AOR_2,
    ),
    Example(
        bad=ENDPOINT + AUTH + AOR + ENDPOINT_2 + AUTH_2 + "[«1001»]\ntype=aor\nmax_contacts=1\n",
        good=ENDPOINT + AUTH + AOR + ENDPOINT_2 + AUTH_2 + AOR_2,
        fixed=ENDPOINT + AUTH + AOR + ENDPOINT_2 + AUTH_2 + "[1002]\ntype=aor\nmax_contacts=1\n",
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


def fix(subject: tuple[Pjsip, Object, Object]) -> Fix | None:
    pjsip, first, second = subject
    if first.section is second.section or second.wizard or second.drop is not None:
        return None  # what a server drops is no part of what somebody meant
    return _renamed(pjsip, second, first) or _renamed(pjsip, first, second) or unite(pjsip, first, second)


def _renamed(pjsip: Pjsip, copy: Object, other: Object) -> Fix | None:
    """The name that a copied section should have been given, where what refers to it tells."""
    name = _endpoint_name(pjsip, copy) if copy.type == "endpoint" else _asked_for(pjsip, copy, other)
    if name is None or name == copy.name or pjsip.find(copy.type, name) is not None:
        return None
    header = rename_section(pjsip.config, copy.section, name)
    if header is None:
        return None
    edits = [header]
    aors = copy.get("aors")
    if aors is not None and aors.value == copy.name and aors.home is copy.section and name in pjsip.aors:
        edits.append(set_value(aors, name))
    return Fix(f"name this {copy.type} '{name}', as a copy that kept the name of '{copy.name}'", tuple(edits))


def _endpoint_name(pjsip: Pjsip, endpoint: Object) -> str | None:
    """The one digest user of an endpoint."""
    users = {auth.value("username") for auth in pjsip.auths_of(endpoint)}
    return users.pop() if len(users) == 1 else None


def _asked_for(pjsip: Pjsip, item: Object, other: Object) -> str | None:
    """The one object of a type that endpoints name and that does not exist. An auth must be of that user."""
    if item.type not in ("aor", "auth") or pjsip.external(item.type):
        return None
    key = "aors" if item.type == "aor" else "auth"
    named = {name for endpoint in pjsip.declared["endpoint"] for name in endpoint.items(key)}
    missing = [name for name in named if pjsip.find(item.type, name) is None]
    if len(missing) != 1:
        return None
    user = item.value("username")
    return missing[0] if item.type == "aor" or (user != other.value("username") and user in missing[0]) else None


CHECK = Check(find, level="error", category="load", fix=fix, request="any request")
