"""Edits of Asterisk's files that keep a file's own style: indentation, ``=`` or ``=>``, blanks around it, line ends."""

from __future__ import annotations

from cfglint.edits import Edit, delete, insert_line_after, replace
from cfglint.resolve.asterisk import Option, Section
from cfglint.source import Place, Span


def own_options(section: Section) -> list[Option]:
    """The options written in the section itself and in its own file, in order."""
    return [o for o in section.options if o.home is section and o.source is section.source]


def add_option(section: Section, *settings: tuple[str, str]) -> Edit:
    """Add lines behind the section's last own one, written like that one."""
    own = own_options(section)
    newline = section.source.newline
    if own:
        model = own[-1]
        line = section.source.line_text(model.start)
        start = model.assignment.key_span.start
        indent = line[:start]
        between = line[model.assignment.key_span.end : model.assignment.value_span.start]
        if not model.value or model.assignment.operator == "+=":
            between = "="
        at = model.start
    else:
        indent, between, at = "", "=", section.header.start
    lines = newline.join(f"{indent}{name}{between}{value}" for name, value in settings)
    return insert_line_after(section.source, at, lines)


def set_value(option: Option, value: str) -> Edit:
    """Write another value in the option's line."""
    return replace(option.value_place, value)


def rename(option: Option, name: str) -> Edit:
    """Write another name in the option's line."""
    return replace(option.key_place, name)


def remove_line(option: Option) -> Edit:
    """Take the option's whole line away."""
    return delete(option.line_place)


def remove_section(section: Section) -> Edit | None:
    """Take a section away, header and lines; None where other files or directives have to do with it."""
    source = section.source
    if any(option.home is section and option.source is not source for option in section.options):
        return None
    start = source.line_span(section.header.start).start
    own = own_options(section)
    end = source.line_span(own[-1].start if own else section.header.start).end
    if any(line.lstrip().startswith("#") for line in source.text[start:end].split("\n")):
        return None
    while source.text[end : end + 1] in ("\n", "\r"):
        end += 1  # blank lines behind it go, too
    return delete(Place(source, Span(start, end)))


def rename_section(section: Section, name: str) -> Edit | None:
    """Write another name in a section's header; None where other sections or files add to it by its name.

    Whether others inherit from it, the caller knows.
    """
    source = section.source
    if any(option.home is section and option.source is not source for option in section.options):
        return None
    own = own_options(section)
    lines = source.text[section.header.start : own[-1].start if own else section.header.start].split("\n")[1:]
    if any(line.lstrip().startswith(("[", "#")) for line in lines):
        return None
    return replace(section.name_place, name)
