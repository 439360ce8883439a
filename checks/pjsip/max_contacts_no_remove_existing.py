"""A phone that comes back from another address is refused until its old registration expires.

Why it matters: with `remove_existing=no`, the default, res_pjsip_registrar.c:register_aor_core adds a new Contact to
those already stored. When that makes more than `max_contacts`, the REGISTER gets 403 although the password is right:
after a restart of the phone, behind a NAT that has changed the port, over a new TCP connection. It heals by itself when
the old registration runs out, up to an hour later. A phone that unregisters before it goes away is never hit.

Client sees: from another address, before the old registration has expired: REGISTER -> 401 -> 403

Log:
    Registration attempt from endpoint '...' (...:...) to AOR '...' will exceed max contacts of ...

RFC: 3261 section 10.3: a registrar adds a Contact that it does not know (step 7); 403 is for users who may not (step
4).

Verdict: depends. Deserved by one device too many; spurious for the same phone that comes back.

Does not help: typing the password again; it heals by waiting, which looks like a success of whatever was tried last.

Fix: `remove_existing=yes` lets the newest registration replace the oldest. Leave it as it is where the number of
devices is meant to be limited that way.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import add_option
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._phones import inherited

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
        fixed="[phone](!)\ntype=aor\nmax_contacts=1\nremove_existing=yes\n" + PHONE + "[1001](phone)\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for aors in _by_line(pjsip).values():
        aor, option = aors[0], aors[0].get("max_contacts")
        if option is None:
            continue
        more = f" (and {len(aors) - 1} more)" if len(aors) > 1 else ""
        message = (
            f"aor '{aor.name}'{more} takes one contact and keeps it: a phone that comes back from another address gets"
            " 403 until the old one expires"
        )
        subject = None if aor.wizard else option
        yield Defect(option.value_place, message, inherited(aor, option), subject=subject, answers=(401, 403))


def _by_line(pjsip: Pjsip) -> dict[tuple[Source, int], list[Object]]:
    """The AORs in question by the line that allows one contact, which may stand in a template."""
    used = dict.fromkeys(name for e in pjsip.endpoints.values() for name in e.items("aors"))
    found: dict[tuple[Source, int], list[Object]] = {}
    for name in used:
        aor = pjsip.aors.get(name)
        option = aor.get("max_contacts") if aor is not None else None
        if aor is None or option is None or aor.integer("max_contacts", 0) != 1:
            continue
        if aor.flag("remove_existing") or (aor.flag("remove_unavailable") and aor.integer("qualify_frequency", 0)):
            continue
        found.setdefault((option.source, option.start), []).append(aor)
    return found


def fix(option: Option) -> Fix:
    """Where the line stands in a template, all that inherit it are in the same position, so that is the place."""
    edit = add_option(option.home, ("remove_existing", "yes"))
    return Fix("let the newest registration replace the oldest", (edit,))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
