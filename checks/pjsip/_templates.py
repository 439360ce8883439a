"""Sections that inherit from a template of the wrong type."""

from __future__ import annotations

from cfglint.edits import Fix, replace
from cfglint.model.editing import own_options
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option, Section
from cfglint.source import Place


def exchange_template(pjsip: Pjsip, item: Object) -> Fix | None:
    """Inherit the type from the only template of the type that a section's own lines belong to."""
    section, option = item.section, item.type_option
    if option is None or option.home is section:
        return None
    header = _item_that_brings(pjsip, section, option)
    fitting = fitting_templates(pjsip, section)
    if header is None or len(fitting) != 1:
        return None
    ((name, kind),) = fitting.items()
    if kind == item.type or pjsip.find(kind, item.name) is not None:
        return None
    title = f"inherit from [{name}], which is of type {kind}, like the lines of [{section.name}]"
    return Fix(title, (replace(header, name),))


def fitting_templates(pjsip: Pjsip, section: Section) -> dict[str, str]:
    """The templates above a section whose type knows all of its own lines, and is the one that they name, by name."""
    own = own_options(section)
    written = next((option.value for option in own if option.name == "type"), None)
    found = {}
    for at, template in pjsip.config.templates if own else ():
        if at > pjsip.positions[id(section)]:
            break
        option = template.first("type")
        known = pjsip.knowledge.types.get(option.value) if option is not None else None
        if option is None or known is None or written not in (None, option.value):
            continue
        if all(o.name == "type" or known.get(o.name) is not None for o in own):
            found[template.name] = option.value
    return found


def _item_that_brings(pjsip: Pjsip, section: Section, option: Option) -> Place | None:
    """The item of a section's header that inherits an option."""
    for item in section.header.items or ():
        if any(found is option for base in pjsip.config.named(item.text)[:1] for found in base.options):
            return Place(section.source, item.span)
    return None
