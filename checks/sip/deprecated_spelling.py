"""An old spelling of an option, which still works.

Why it matters: chan_sip takes both spellings for the same thing (channels/chan_sip.c:reload_config and build_peer). Who
sets the new one in a template and the old one in an account does not see that the later replaces the earlier.

Log:
    The 'username' field for sip peers has been deprecated in favor of the term 'defaultuser'
    nat=yes is deprecated, use nat=force_rport,comedia instead

Fix: the new spelling. `nat=yes` is left where an earlier `nat` line counts with it, as it takes back what that one set.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix
from cfglint.findings import Defect
from cfglint.model.editing import rename, set_value
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option, folded

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«username»=1001\n«canreinvite» = no\nnat=«yes»\n",
        good="[1001]\ntype=friend\ndefaultuser=1001\ndirectmedia = no\nnat=force_rport,comedia\n",
        fixed="[1001]\ntype=friend\ndefaultuser=1001\ndirectmedia = no\nnat=force_rport,comedia\n",
    ),
    Example(
        bad="[general]\n«externip»=192.0.2.7\n«maxexpirey»=600\n",
        good="[general]\nexternaddr=192.0.2.7\nmaxexpiry=600\nusername=kept\n",
        fixed="[general]\nexternaddr=192.0.2.7\nmaxexpiry=600\n",
    ),
]

GENERAL = {
    "externip": "externaddr",
    "matchexterniplocally": "matchexternaddrlocally",
    "maxexpirey": "maxexpiry",
    "minexpirey": "minexpiry",
    "defaultexpirey": "defaultexpiry",
}
PEER = {"username": "defaultuser"}
BOTH = {"canreinvite": "directmedia"}


def find(sip: Sip) -> Iterator[Defect]:
    for section in sip.config.sections:
        names = {**BOTH, **(GENERAL if folded(section.name) == "general" else PEER)}
        for option in section.options:
            if option.home is not section:
                continue
            if option.name in names:
                name = names[option.name]
                yield Defect(option.key_place, f"'{option.key}' is called '{name}' today", subject=(option, name))
            elif option.name == "nat" and option.value.lower() == "yes" and len(section.all("nat")) == 1:
                text = "nat=yes is called nat=force_rport,comedia today"
                yield Defect(option.value_place, text, subject=(option, None))


def fix(subject: tuple[Option, str | None]) -> Fix:
    option, name = subject
    if name is None:
        return Fix("spell it out", (set_value(option, "force_rport,comedia"),), SAFE)
    return Fix(f"write {name}", (rename(option, name),), SAFE)


CHECK = Check(find, level="info", category="style", fix=fix)
