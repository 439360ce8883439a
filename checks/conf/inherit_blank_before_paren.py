"""A blank or a second bracket before a section's parentheses makes the server ignore these.

Why it matters: main/config.c:process_text_line reads `!`, `+` and the sections to inherit from only when `(` is the
very next character behind the first `]`. Otherwise, as in `[1001] (phone)` and `[1001]](phone)`, it skips the rest of
the line: nothing is inherited, a template becomes a section like any other, an addition becomes a second section.
Without the inherited `type` the section is no peer or endpoint, and its phone is refused.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log: Nothing at the line itself.

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The account stands in the file and lacks what it should inherit.

Does not help: typing the password again; another order of the templates.

Fix: delete what stands between them.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect, Note
from cfglint.resolve.asterisk import DETACHED_OPTIONS, Config, Section
from cfglint.source import Place
from cfglint.syntax.comments import BLANKS

EXAMPLES = [
    Example(
        bad="[phone](!)\ntype=friend\nhost=dynamic\n[1001]« »(phone)\nsecret=s3cret\n",
        good="[phone](!)\ntype=friend\nhost=dynamic\n[1001](phone)\nsecret=s3cret\n",
        fixed="[phone](!)\ntype=friend\nhost=dynamic\n[1001](phone)\nsecret=s3cret\n",
    ),
    Example(
        bad="[phone]«  »(!)\ntype=friend\nhost=dynamic\n",
        good="[phone](!)\ntype=friend\nhost=dynamic\n[1001] (the one in the hall)\ntype=friend\n",
        fixed="[phone](!)\ntype=friend\nhost=dynamic\n",
    ),
    Example(
        bad="[phone](!)\ntype=friend\nhost=dynamic\n[1001]«]»(phone)\nsecret=s3cret\n",
        good="[phone](!)\ntype=friend\nhost=dynamic\n[1001] see the template (phone)\ntype=friend\n",
        fixed="[phone](!)\ntype=friend\nhost=dynamic\n[1001](phone)\nsecret=s3cret\n",
    ),
]


def find(config: Config) -> Iterator[Defect]:
    places = {p.place: p for p in config.problems if p.kind == DETACHED_OPTIONS}
    for section in config.sections if places else ():
        if section.header.detached is None or (section.source, section.header.detached) not in places:
            continue
        place = Place(section.source, section.header.detached)
        items, bases = _items(place), [b for item in _items(place) for b in config.named(item)[:1] if b is not section]
        if not bases and "!" not in items and not any(item.startswith("+") for item in items):
            continue
        notes = tuple(Note(base.name_place, f"[{base.name}] is not inherited from") for base in bases)
        gone = section.first("type") is None and any(base.first("type") for base in bases)
        level, category = ("error", "answer") if gone else (None, None)
        between = place.text.strip(BLANKS)
        why = f"as '{between}' stands before '('" if between else "as a blank stands before '('"
        yield Defect(place, f"{_meaning(section, items, gone)}, {why}", notes, place, level, category)


def _items(place: Place) -> list[str]:
    """What stands between the parentheses, as it is meant."""
    line = place.source.text[place.span.end : place.source.line_span(place.span.start).end]
    return [item.strip(BLANKS) for item in line[1:].partition(")")[0].split(",")]


def _meaning(section: Section, items: list[str], gone: bool) -> str:
    if "!" in items:
        return f"[{section.name}] is no template but a section like any other"
    if any(item.startswith("+") for item in items):
        return f"[{section.name}] is a section of its own and adds nothing to the one above"
    return f"[{section.name}] inherits nothing" + (" and has no type" if gone else "")


def fix(place: Place) -> Fix:
    return Fix("delete what stands before the parenthesis", (delete(place),))


CHECK = Check(find, level="warning", category="load", fix=fix)
