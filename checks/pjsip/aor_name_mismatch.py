"""None of an endpoint's AORs is named like what its phone registers.

Why it matters: res_pjsip_registrar.c:find_registrar_aor compares the user part of To, letter by letter, with the names
in the endpoint's `aors`. Phones put their own user name there. Where the AOR is called `1001-aor`, the REGISTER gets
404 after the password was accepted.

An AOR that several endpoints share, or that carries an endpoint's or auth's name, is left alone.

Client sees: REGISTER -> 401 -> 404

Log:
    AOR '' not found for endpoint '...' (...:...)

RFC: 3261 section 10.3: the address-of-record in To is not valid for this domain, so 404 (step 5).

Verdict: spurious. The password was right; only the name of a section is in the way.

Does not help: typing the password again; another Auth ID: the registrar looks at To.

Fix: give the AOR the endpoint's name, in its own section and in `aors`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect, Note
from cfglint.model.editing import rename_section
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, names
from cfglint.source import Place

from ._phones import AUTH, PHONE, found_by_name

ENDPOINT = "[1001]\ntype=endpoint\nauth=1001\naors="

EXAMPLES = [
    Example(
        bad=ENDPOINT + "«1001-aor»\n" + AUTH + "[1001-aor]\ntype=aor\nmax_contacts=1\n",
        good=PHONE,
        fixed=ENDPOINT + "1001\n" + AUTH + "[1001]\ntype=aor\nmax_contacts=1\n",
    ),
    Example(
        bad="[Bob]\ntype=endpoint\nauth=1001\naors=«bob»\n" + AUTH + "[bob]\ntype=aor\nmax_contacts=1\n",
        good="[Bob]\ntype=endpoint\nauth=1001\naors=1001,cell\n"
        + AUTH
        + "[1001]\ntype=aor\nmax_contacts=1\n[cell]\ntype=aor\nmax_contacts=1\n",
        fixed="[Bob]\ntype=endpoint\nauth=1001\naors=Bob\n" + AUTH + "[Bob]\ntype=aor\nmax_contacts=1\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for endpoint in pjsip.phones:
        aors = endpoint.items("aors")
        if endpoint.name in aors or endpoint.wizard or not found_by_name(endpoint):
            continue
        user, _, domain = endpoint.name.partition("@")
        expected = {endpoint.name, user}
        for auth in pjsip.auths_of(endpoint):
            expected |= {auth.value("username"), f"{auth.value('username')}@{auth.value('realm')}"}
        if any(name in expected or name.partition("@")[0] in expected for name in aors):
            continue
        listed = names(endpoint.get("aors"))
        name, place = next((n, p) for n, p in listed if (aor := pjsip.aors.get(n)) and aor.integer("max_contacts", 0))
        if len({e.name for e, _ in pjsip.aor_users[name]}) > 1:
            continue  # a line that several phones share is named after none of them
        aor = pjsip.aors[name]
        simple = len(listed) == 1 and not domain and len(pjsip.aor_users[name]) == 1
        yield Defect(
            place,
            f"aor '{name}' is not named like endpoint '{endpoint.name}' or its digest user: REGISTER for '{user}'"
            " gets 404",
            (Note(aor.place, f"aor '{name}'"),),
            subject=(pjsip, aor, place, user)
            if simple and not aor.wizard and pjsip.find("aor", user) is None
            else None,
            answers=(401, 404),
        )


def fix(subject: tuple[Pjsip, Object, Place, str]) -> Fix | None:
    pjsip, aor, place, name = subject
    header = rename_section(pjsip.config, aor.section, name)
    return None if header is None else Fix(f"name aor '{aor.name}' '{name}'", (header, replace(place, name)))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
