"""An AOR that takes no registrations because max_contacts is 0, the default.

Why it matters: res_pjsip_registrar.c:registrar_on_rx_request refuses a REGISTER for an AOR whose `max_contacts` is 0,
and 0 is what it is when the option is missing. The credentials have been accepted by then, so the phone sees a 401,
then 403, and everybody looks for a wrong password. Permanent `contact=` lines do not help a phone that registers.

Client sees: REGISTER -> 401 -> 403

Log:
    AOR '...' has no configured max_contacts. Endpoint '...' (...:...) unable to register

RFC: 3261 section 10.3: 403 is for a user who may not change the bindings of this address-of-record (step 4). The phone
may; there is only no room for a binding.

Verdict: spurious. The password was right.

Does not help: typing the password again, another transport, deleting and creating the account in the phone, SIP ALG on
the router.

Fix: give the AOR `max_contacts=1` and, so that a phone that comes back from another address replaces its own old
registration, `remove_existing=yes`. For an AOR that is only called at its `contact=`, nothing is wrong.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import add_option, set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object

PHONE = "[1001]\ntype=endpoint\naors=1001\nauth=1001\n[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"

EXAMPLES = [
    Example(
        bad=PHONE + "[«1001»]\ntype=aor\nqualify_frequency=30\n",
        good=PHONE + "[1001]\ntype=aor\nmax_contacts=1\nremove_existing=yes\nqualify_frequency=30\n",
        fixed=PHONE + "[1001]\ntype=aor\nqualify_frequency=30\nmax_contacts=1\nremove_existing=yes\n",
    ),
    Example(
        bad=PHONE + "[1001]\ntype = aor\nmax_contacts = «0»\nremove_existing = yes\n",
        good=PHONE + "[1001]\ntype = aor\nmax_contacts = 2\nremove_existing = yes\n",
        fixed=PHONE + "[1001]\ntype = aor\nmax_contacts = 1\nremove_existing = yes\n",
    ),
    Example(
        bad="[phone](!)\ntype=aor\nmax_contacts=0\n" + PHONE + "[«1001»](phone)\n",
        good="[phone](!)\ntype=aor\nmax_contacts=0\n" + PHONE + "[1001](phone)\nmax_contacts=1\n",
        fixed="[phone](!)\ntype=aor\nmax_contacts=0\n" + PHONE + "[1001](phone)\nmax_contacts=1\nremove_existing=yes\n",
    ),
    Example(
        bad=PHONE + "[«1001»]\ntype=aor\ncontact=sip:1001@192.0.2.9\n",
        good="[trunk]\ntype=endpoint\naors=trunk\noutbound_auth=trunk\n"
        "[trunk]\ntype=aor\ncontact=sip:sip.example.net\n",
        fixed=PHONE + "[1001]\ntype=aor\ncontact=sip:1001@192.0.2.9\nmax_contacts=1\nremove_existing=yes\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    seen = set()
    if pjsip.config.incomplete:
        return  # what is not here may set it
    for endpoint in pjsip.endpoints.values():
        for name in endpoint.items("aors"):
            aor = pjsip.aors.get(name)
            if (
                aor is None
                or name in seen
                or aor.wizard
                or aor.section.incomplete
                or aor.integer("max_contacts", 0) != 0
            ):
                continue
            called_at = aor.get("contact")
            logs_in = endpoint.get("auth") is not None
            if called_at is not None and (not logs_in or pjsip.is_trunk(endpoint)):
                continue
            seen.add(name)
            option = aor.get("max_contacts")
            says = "has max_contacts=0" if option is not None else "has no max_contacts, and the default is 0"
            message = f"aor '{name}' {says}: endpoint '{endpoint.name}' cannot register"
            notes = [Note(endpoint.place, f"endpoint '{endpoint.name}' registers here")]
            inherited = option is not None and option.home is not aor.section
            if option is not None and inherited:
                notes.append(Note(option.place, "inherited from here"))
            yield Defect(
                aor.place if option is None or inherited else option.value_place,
                message,
                tuple(notes),
                subject=aor,
                level="error" if logs_in and called_at is None else "warning",
                answers=(401, 403) if logs_in else (403,),
            )


def fix(aor: Object) -> Fix | None:
    """Where others inherit the 0, only this AOR is changed: what a template says for the rest is not known."""
    option, edits = aor.get("max_contacts"), []
    settings = [("max_contacts", "1")]
    if option is not None and option.home is aor.section:
        edits.append(set_value(option, "1"))
        settings = []
    if not aor.flag("remove_existing"):
        settings.append(("remove_existing", "yes"))
    if settings:
        edits.append(add_option(aor.section, *settings))
    return Fix(f"let one device register to aor '{aor.name}'", tuple(edits))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
