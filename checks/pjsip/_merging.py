"""Turns the second of two objects of one name into an addition to the first."""

from __future__ import annotations

from cfglint.edits import Edit, replace
from cfglint.model.editing import own_options, remove_line
from cfglint.model.pjsip import Object, Pjsip
from cfglint.source import Place, Span


def merge(pjsip: Pjsip, first: Object, second: Object) -> tuple[Edit, ...]:
    """Edits that make ``[name](+type=...)`` of the second section; none where the two contradict each other, or where
    others have to do with the second.

    Both sets of lines then stand in the first section, where later lines count, and lists grow.
    """
    section, header = second.section, second.section.header
    if header.items or header.detached is not None or second.type_option is None or id(section) in pjsip.config.bases:
        return ()
    if second.type_option.home is not section or len(section.options) != len(own_options(section)):
        return ()
    positions = pjsip.positions
    if id(section) not in positions or positions.get(id(first.section), -1) > positions[id(section)]:
        return ()
    known = pjsip.knowledge.types[second.type]
    for option in section.options:
        before = first.get(option.name)
        lists = any(v.get("multi") for v in known.get(option.name) or ())
        if option.name != "type" and not lists and before is not None and before.value != option.value:
            return ()
    # A bare + would add to the first section of the name, whatever its type is.
    alone = sum(not s.template for s in pjsip.config.named(first.name)) == (2 if first.name == second.name else 1)
    name = section.name_place.span
    line = Place(section.source, Span(name.start, name.end + 1))
    text = (
        f"{first.name}](+)" if alone and first.type in pjsip.knowledge.single else f"{first.name}](+type={first.type})"
    )
    return replace(line, text), remove_line(second.type_option)
