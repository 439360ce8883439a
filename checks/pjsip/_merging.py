"""Makes one object of two that exclude each other."""

from __future__ import annotations

from cfglint.edits import SAFE, Edit, Fix, replace
from cfglint.model.editing import remove_line, remove_section
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option, Section
from cfglint.source import Place, Span


def unite(pjsip: Pjsip, first: Object, second: Object) -> Fix | None:
    """The second taken away where it says the same, else added to the first; where the two contradict each other, the
    later line counts."""
    if [(o.name, o.value) for o in first.options] == [(o.name, o.value) for o in second.options]:
        edit = remove_section(second.section)
        return None if edit is None else Fix(f"delete the second, equal {second.type} '{second.name}'", (edit,), SAFE)
    edits = _merge(pjsip, first, second)
    if not edits:
        return None
    line = _contradiction(pjsip, first, second)
    counts = "" if line is None else f"; where they contradict each other, as in {line.key}, the second counts"
    return Fix(f"add the second {second.type} '{second.name}' to the first{counts}", edits)


def _merge(pjsip: Pjsip, first: Object, second: Object) -> tuple[Edit, ...]:
    """Edits that make ``[name](+type=...)`` of the second section; none where others have to do with it.

    Both sets of lines then stand in the first section, where later lines count, and lists grow.
    """
    section, header = second.section, second.section.header
    if header.detached is not None or second.type_option is None or id(section) in pjsip.config.bases:
        return ()
    if any(item.text.startswith(("+", "!")) for item in header.items or ()) or _added_to(pjsip, section):
        return ()
    if any(option.home is section and option.source is not section.source for option in section.options):
        return ()
    positions = pjsip.positions
    if id(section) not in positions or positions.get(id(first.section), -1) > positions[id(section)]:
        return ()
    # A bare + would add to the first section of the name, whatever its type is.
    alone = sum(not s.template for s in pjsip.config.named(first.name)) == (2 if first.name == second.name else 1)
    filter_ = "+" if alone and first.type in pjsip.knowledge.single else f"+type={first.type}"
    inherited = ",".join(["", *(item.text for item in header.items or ())])
    name = section.name_place.span
    end = header.items[-1].span.end if header.items else name.end
    edits = [replace(Place(section.source, Span(name.start, end + 1)), f"{first.name}]({filter_}{inherited})")]
    if second.type_option.home is section:
        edits.append(remove_line(second.type_option))
    return tuple(edits)


def _contradiction(pjsip: Pjsip, first: Object, second: Object) -> Option | None:
    """The first line of the second object that says something else than the first object."""
    known = pjsip.knowledge.types[second.type]
    for option in second.options:
        before = first.get(option.name)
        lists = any(v.get("multi") for v in known.get(option.name) or ())
        if option.name != "type" and not lists and before is not None and before.value != option.value:
            return option
    return None


def _added_to(pjsip: Pjsip, section: Section) -> bool:
    """Does another header of the name add to some section of it?"""
    headers = pjsip.config.headers_named(section.name)
    return any(item.text.startswith("+") for _, header in headers for item in header.items or ())
