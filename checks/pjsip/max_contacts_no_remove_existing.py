"""A phone that comes back from another address is refused until its old registration expires.

Why it matters: with `remove_existing=no`, the default, res_pjsip_registrar.c:register_aor_core adds a new Contact to
those already stored. When that makes more than `max_contacts`, the REGISTER gets 403 although the password is right:
after a restart of the phone, behind a NAT that has changed the port, over a new TCP connection. It heals by itself when
the old registration runs out, up to an hour later. The log says "Registration attempt from endpoint ... will exceed max
contacts". A phone that unregisters before it goes away is never hit.

Fix: `remove_existing=yes` lets the newest registration replace the oldest. Leave it as it is where the number of
devices is meant to be limited that way.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option
from cfglint.model.pjsip import Object, Pjsip, names

PHONE = "[1001]\ntype=endpoint\naors=1001\nauth=1001\n"

EXAMPLES = [
    Example(
        bad=PHONE + "[1001]\ntype=aor\nmax_contacts=«1»\n",
        good=PHONE + "[1001]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n",
        fixed=PHONE + "[1001]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n",
    ),
    Example(
        bad="[phone](!)\ntype=aor\nmax_contacts=«1»\n" + PHONE + "[1001](phone)\n",
        good=PHONE + "[1001]\ntype=aor\nmax_contacts=1\nremove_unavailable=yes\nqualify_frequency=60\n",
        fixed="[phone](!)\ntype=aor\nmax_contacts=1\n" + PHONE + "[1001](phone)\nremove_existing=yes\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    seen = set()
    for endpoint in pjsip.endpoints.values():
        for name, _ in names(endpoint.get("aors")):
            aor = pjsip.aors.get(name)
            if aor is None or name in seen or aor.integer("max_contacts", 0) != 1:
                continue
            if aor.flag("remove_existing") or (aor.flag("remove_unavailable") and aor.integer("qualify_frequency", 0)):
                continue
            option = aor.get("max_contacts")
            if option is None:
                continue
            seen.add(name)
            message = (
                f"aor '{name}' takes one contact and keeps it: a phone that comes back from another address gets 403"
                " until the old one expires"
            )
            notes = (Note(aor.place, f"aor '{name}' inherits it"),) if option.home is not aor.section else ()
            yield Defect(option.value_place, message, notes, subject=None if aor.wizard else aor, answers=(401, 403))


def fix(aor: Object) -> Fix | None:
    return Fix("let the newest registration replace the oldest", (add_option(aor.section, ("remove_existing", "yes")),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
