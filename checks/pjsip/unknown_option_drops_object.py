"""An option that its object type does not know drops the whole object.

Why it matters: main/sorcery.c:ast_sorcery_objectset_apply stops at the first option that main/config_options.c does not
know, and res_sorcery_config.c throws the object away. After that the server behaves as if the section did not exist: a
missing endpoint answers 401 again and again, a missing AOR 404, a missing auth 500. Most often it is a name from
sip.conf (`secret`, `host`, `nat`, `dtmfmode`), `aor` for `aors`, or an option of another type.

Client sees: of an endpoint: REGISTER -> 401 -> 401; of an AOR: REGISTER -> 401 -> 404; of an auth: REGISTER -> 500

Log:
    Could not find option suitable for category '...' named '...' at line ... of ...
    Could not create an object of type '...' with id '...' from configuration file '...'

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The section stands in the file and does not exist.

Does not help: typing the password again; a reload: the object is dropped again.

Fix: use the option's name in pjsip.conf, or delete the line. Where the lines of a section belong to another type than
that of its template, and only one template is of that type, inherit from that one. What other modules may add begins
with `@`.
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.knowledge.asterisk import PJSIP_NAMES
from cfglint.knowledge.names import nearest
from cfglint.model.editing import remove_line, rename
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import LOST, UNKNOWN_OPTION, Object
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option

from ._templates import exchange_template

EXAMPLES = [
    Example(
        bad="[1001]\ntype=endpoint\ncontext=phones\n«aor»=1001\nauth=1001\n",
        good="[1001]\ntype=endpoint\ncontext=phones\naors=1001\nauth=1001\n",
        fixed="[1001]\ntype=endpoint\ncontext=phones\naors=1001\nauth=1001\n",
    ),
    Example(
        bad="[phone](!)\ntype=endpoint\n«nat»=yes\n[1001](phone)\naors=1001\n[1002](phone)\naors=1002\n",
        good="[phone](!)\ntype=endpoint\nrewrite_contact=yes\n@pbx_note=desk\n[1001](phone)\naors=1001\n",
        fixed="[phone](!)\ntype=endpoint\n[1001](phone)\naors=1001\n[1002](phone)\naors=1002\n",
    ),
    Example(
        bad="[line](!)\ntype=aor\n[login](!)\ntype=auth\n[1001](line)\n«username»=1001\npassword=s3cret\n",
        good="[line](!)\ntype=aor\n[login](!)\ntype=auth\n[1001](login)\nusername=1001\npassword=s3cret\n",
        fixed="[line](!)\ntype=aor\n[login](!)\ntype=auth\n[1001](login)\nusername=1001\npassword=s3cret\n",
    ),
    Example(
        bad="[1001]\ntype=endpoint\n«aor»=1001\nnat=yes\nhost=dynamic\ndtmf_mod=info\ncontext=phones\n",
        good="[1001]\ntype=endpoint\naors=1001\ndtmf_mode=info\ncontext=phones\n",
        fixed="[1001]\ntype=endpoint\naors=1001\ndtmf_mode=info\ncontext=phones\n",
    ),
]


MAX_AT_ONCE = 100
"""So many options of an object are mended in one go."""


class _Dropped(NamedTuple):
    """An object, and the first of the options that drop it."""

    pjsip: Pjsip
    item: Object
    option: Option


def find(pjsip: Pjsip) -> Iterator[Defect]:
    meanings: dict[tuple[str, str], str | None] = {}
    for objects in pjsip.dropped(UNKNOWN_OPTION).values():
        first = objects[0]
        option = first.drop.option if first.drop else None
        if option is None or _belongs_elsewhere(first, option, pjsip):
            continue
        named, others = f"{first.type} '{first.name}'", len(objects) - 1
        more = f" and {others} more" if others else ""
        if (first.type, option.name) not in meanings:
            meanings[first.type, option.name] = _meant(first, option.name, pjsip)
        meant = meanings[first.type, option.name]
        hint = f"; did you mean {meant}?" if meant else ""
        message = (
            f"'{option.key}' is no option of type {first.type} and drops {named}{more}:"
            f" {LOST.get(first.type, 'it does not exist')}{hint}"
        )
        notes = (Note(first.place, f"{named} takes it over"),) if option.home is not first.section else ()
        yield Defect(option.key_place, message, notes, subject=_Dropped(pjsip, first, option))


def _belongs_elsewhere(item: Object, option: Option, pjsip: Pjsip) -> bool:
    """Was it added by a ``(+)`` to the wrong one of several sections of a name? That is another check's."""
    if option.home is not item.section or pjsip.bare_plus(option) is None:
        return False
    others = (s for s in pjsip.config.named(item.name) if not s.template and s is not item.section)
    return any((t := s.first("type")) is not None and t.value in pjsip.knowledge.types for s in others)


def _meant(item: Object, name: str, pjsip: Pjsip) -> str | None:
    known = pjsip.knowledge.types[item.type].known
    meant = PJSIP_NAMES.get(name) or nearest(name, known)
    return meant if meant in known else None


def fix(found: _Dropped) -> Fix | None:
    pjsip, item, first = found
    exchange = exchange_template(pjsip, item) if first.home is item.section else None
    if exchange is not None:
        return exchange
    names = {option.name for option in item.options}
    edits, titles = [], []
    # The next one would drop the object as soon as the first is gone.
    for option in islice(filter(partial(_is_unknown, pjsip, item), item.options), MAX_AT_ONCE):
        meant = _meant(item, option.name, pjsip)
        if meant and (meant not in names or meant == option.name):
            names.add(meant)
            edits.append(rename(option, meant))
            titles.append(f"write '{meant}' for '{option.key}'")
        else:
            edits.append(remove_line(option))
            titles.append(f"delete the line, so that {item.type} '{item.name}' exists")
    if len(edits) == 1:
        return Fix(titles[0], tuple(edits))
    return Fix(f"rename or delete {len(edits)} lines, so that {item.type} '{item.name}' exists", tuple(edits))


def _is_unknown(pjsip: Pjsip, item: Object, option: Option) -> bool:
    knowledge = pjsip.knowledge
    return knowledge.types[item.type].get(option.name) is None and (item.type, option.name) not in knowledge.newer


CHECK = Check(find, level="error", category="load", fix=fix)
