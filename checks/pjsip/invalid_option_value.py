"""A value that its option does not take drops the whole object.

Why it matters: any value that the handler of an option rejects makes res_sorcery_config.c throw the whole object away
(main/config_options.c:aco_process_var, res_pjsip/pjsip_configuration.c). A misspelled codec or a comma at the end of
`allow` is enough, a `from_user` with an `@`, a number with a unit behind it. A missing endpoint answers 401 again and
again, a missing AOR 404, a missing auth 500.

Client sees: of an endpoint: REGISTER -> 401 -> 401; of an AOR: REGISTER -> 401 -> 404; of an auth: REGISTER -> 500

Log:
    Error parsing ...=... at line ... of ...
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: a reload: the object is dropped again; after a reload the old one may stay, and the restart shows it.

Fix: write a value that the option takes. Empty items of a codec list can be taken out automatically.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import ACL_OPTIONS, BAD_VALUE, LOST, Object
from cfglint.secrets import mask

EXAMPLES = [
    Example(
        bad="[1001]\ntype=endpoint\naors=1001\nallow=«ulaw,alaw,»\n",
        good="[1001]\ntype=endpoint\naors=1001\nallow=!all,ulaw,alaw:20\n",
        fixed="[1001]\ntype=endpoint\naors=1001\nallow=ulaw,alaw\n",
    ),
    Example(
        bad="[1001]\ntype=aor\nmax_contacts=«one»\n",
        good="[1001]\ntype=aor\nmax_contacts=0x1\nauthenticate_qualify=perhaps\n",
    ),
    Example(
        bad="[1001]\ntype=endpoint\nfrom_user=«1001@example.com»\n",
        good="[1001]\ntype=endpoint\nfrom_user=1001\nfrom_domain=example.com\n",
    ),
    Example(
        bad="[phone](!)\ntype=endpoint\ndtmf_mode=«rfc2833»\n[1001](phone)\n[1002](phone)\n",
        good="[phone](!)\ntype=endpoint\ndtmf_mode=rfc4733\n[1001](phone)\ndtmf_mode=AUTO\n",
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for objects in pjsip.dropped(BAD_VALUE).values():
        first = objects[0]
        drop = first.drop
        if drop is None or drop.option is None or drop.option.name in ACL_OPTIONS:
            continue  # address lists have a check of their own
        option = drop.option
        named, others = f"{first.type} '{first.name}'", len(objects) - 1
        more = f" and {others} more" if others else ""
        shown = mask(f"{option.key}={option.value}").text
        message = f"'{shown}' {drop.detail}, which drops {named}{more}: {LOST.get(first.type, 'it does not exist')}"
        notes = (Note(first.place, f"{named} takes it over"),) if option.home is not first.section else ()
        yield Defect(option.value_place if option.value else option.place, message, notes, subject=first)


def fix(item: Object) -> Fix | None:
    drop = item.drop
    if drop is None or drop.option is None or drop.detail != "has an empty item":
        return None
    items = [part for part in re.split(r"[,|]", drop.option.value) if part.strip()]
    if not items:
        return None
    return Fix("take the empty items out of the list", (set_value(drop.option, ",".join(items)),))


CHECK = Check(find, level="error", category="load", fix=fix)
