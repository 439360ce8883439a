"""A wizard for a phone that makes an AOR which takes no registrations.

Why it matters: `accepts_registrations=yes` in pjsip_wizard.conf only leaves out what a trunk would need; the AOR that
the wizard makes has the `max_contacts` that `aor/max_contacts` says, and without that 0
(res_pjsip_config_wizard.c:handle_aor). A REGISTER then gets 403 after the password was accepted. Without
`accepts_registrations` and `remote_hosts` the wizard complains, too, and the phone gets the same 403.

Client sees: REGISTER -> 401 -> 403

Log:
    AOR '...' has no configured max_contacts. Endpoint '...' (...:...) unable to register
    Wizard '...' must have 'remote_hosts' if it doesn't accept registrations.

RFC: 3261 section 10.3: 403 is for a user who may not change the bindings of this address-of-record (step 4). The phone
may; there is only no room for a binding.

Verdict: spurious. The password was right.

Does not help: typing the password again; `max_contacts=1` without the `aor/` in front.

Fix: add `aor/max_contacts=1`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Section

TRANSPORT = "[udp]\ntype=transport\nbind=0.0.0.0\n"
WIZARD = "[«1001»]\ntype=wizard\naccepts_auth=yes\n"
AUTH = "inbound_auth/username=1001\ninbound_auth/password=s3cret\n"
PLAIN = WIZARD.replace("«", "").replace("»", "")
ACCEPTS = "accepts_registrations=yes\n"

EXAMPLES = [
    Example(
        bad={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": WIZARD + AUTH + ACCEPTS},
        good={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": PLAIN + AUTH + ACCEPTS + "aor/max_contacts=1\n"},
        fixed={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": PLAIN + AUTH + ACCEPTS + "aor/max_contacts=1\n"},
    ),
    Example(
        bad={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": WIZARD + AUTH},
        good={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": PLAIN + AUTH + "remote_hosts=192.0.2.9\n"},
        fixed={"pjsip.conf": TRANSPORT, "pjsip_wizard.conf": PLAIN + AUTH + ACCEPTS + "aor/max_contacts=1\n"},
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for aor in pjsip.aors.values():
        section = aor.section
        if not aor.wizard or section.incomplete or aor.integer("max_contacts", 0):
            continue
        accepts = _says(section, "accepts_registrations")
        phone = _says(section, "accepts_auth") and not section.last("remote_hosts") and not aor.get("contact")
        if not accepts and not phone:
            continue
        if accepts and aor.get("contact") is not None:
            continue  # it is called at its contact
        missing = "no aor/max_contacts" if accepts else "neither accepts_registrations nor aor/max_contacts"
        yield Defect(
            aor.place,
            f"wizard '{aor.name}' has {missing}: REGISTER gets 403",
            subject=aor,
            answers=(401, 403) if _says(section, "accepts_auth") else (403,),
        )


def _says(section: Section, name: str) -> bool:
    option = section.last(name)
    return option is not None and is_true(option.value)


def fix(aor: Object) -> Fix:
    section, settings, edits = aor.section, [], []
    for name, value, there in (
        ("accepts_registrations", "yes", _says(aor.section, "accepts_registrations")),
        ("aor/max_contacts", "1", False),
    ):
        option = section.last(name)
        if there:
            continue
        if option is not None and option.home is section:
            edits.append(set_value(option, value))
        else:
            settings.append((name, value))
    if settings:
        edits.append(add_option(section, *settings))
    return Fix(f"let one device register with wizard '{aor.name}'", tuple(edits))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
