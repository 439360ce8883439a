"""An endpoint's aors names an AOR that does not exist.

Why it matters: res_pjsip_registrar.c:find_registrar_aor finds the name in the endpoint's `aors` but no object of that
name, and answers 404 to the REGISTER, after the password was accepted. Names are compared with case.

Client sees: REGISTER -> 401 -> 404

Log:
    AOR '...' not found for endpoint '...' (...:...)

RFC: 3261 section 10.3: the address-of-record in To is not valid for this domain, so 404 (step 5).

Verdict: spurious. The password was right.

Does not help: typing the password again, another transport.

Fix: correct the name, or write the section `type=aor` with `max_contacts=1`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_section
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, names
from cfglint.source import Place

from ._phones import inherited
from ._references import Known, respelled

AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"
AOR = "[1001]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n"

EXAMPLES = [
    Example(
        bad=AUTH + "[1001]\ntype=endpoint\nauth=1001\naors=«1001»\n",
        good=AUTH + "[1001]\ntype=endpoint\nauth=1001\naors=1001\n\n" + AOR,
        fixed=AUTH + "[1001]\ntype=endpoint\nauth=1001\naors=1001\n\n" + AOR,
    ),
    Example(
        bad="[bob]\ntype=endpoint\nauth=bob\naors=bob-cell,«Bob»\n[bob-cell]\ntype=aor\nmax_contacts=1\n"
        "[bob]\ntype=aor\nmax_contacts=1\n",
        good="[bob]\ntype=endpoint\nauth=bob\naors=bob-cell, bob\n[bob-cell]\ntype=aor\n[bob]\ntype=aor\n",
        fixed="[bob]\ntype=endpoint\nauth=bob\naors=bob-cell,bob\n[bob-cell]\ntype=aor\nmax_contacts=1\n"
        "[bob]\ntype=aor\nmax_contacts=1\n",
    ),
    Example(
        bad=AUTH + "[phone](!)\ntype=endpoint\nauth=1001\naors=«1001»\n[1001](phone)\n",
        good=AUTH + "[phone](!)\ntype=endpoint\nauth=1001\naors=1001\n[1001](phone)\n\n" + AOR,
        fixed=AUTH + "[phone](!)\ntype=endpoint\nauth=1001\naors=1001\n[1001](phone)\n\n" + AOR,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    if pjsip.external("aor"):
        return
    known = Known(pjsip.aors)
    for endpoint in pjsip.endpoints.values():
        option = endpoint.get("aors")
        for name, place in names(option):
            if pjsip.find("aor", name) is not None:
                continue
            message = f"endpoint '{endpoint.name}' names aor '{name}', which does not exist: REGISTER gets 404"
            yield Defect(
                place,
                message + known.hint(name),
                inherited(endpoint, option),
                subject=(pjsip, endpoint, name, place, known.spelling(name)),
                answers=(401, 404),
            )


def fix(subject: tuple[Pjsip, Object, str, Place, str | None]) -> Fix | None:
    pjsip, endpoint, name, place, spelling = subject
    if spelling is not None:
        return respelled(place, name, spelling)
    if endpoint.get("auth") is None or endpoint.wizard or "]" in name:
        return None
    settings = (("type", "aor"), ("max_contacts", "1"), ("remove_existing", "yes"))
    edit = add_section(pjsip.config, endpoint.section, name, *settings)
    return Fix(f"write aor '{name}' for one device", (edit,))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
