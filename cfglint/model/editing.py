"""Edits of Asterisk's files that keep a file's own style: indentation, ``=`` or ``=>``, blanks around it, line ends."""

from __future__ import annotations

from collections.abc import Iterable

from cfglint.edits import Edit, delete, insert, insert_line_after, replace
from cfglint.resolve.asterisk import Config, Option, Section
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import Header, Run, Trivia
from cfglint.syntax.comments import BLANKS


def own_options(section: Section) -> list[Option]:
    """The options written in the section itself and in its own file, in order."""
    return [o for o in section.options if o.home is section and o.source is section.source]


def add_option(section: Section, *settings: tuple[str, str]) -> Edit:
    """Add lines behind the section's last own one, written like that one."""
    own = own_options(section)
    if own:
        return add_below(own[-1], *settings)
    near = next((option for option in section.options if option.source is section.source), None)
    return add_under(section.source, section.header.start, near, *settings)


def add_below(option: Option, *settings: tuple[str, str]) -> Edit:
    """Add lines below an option's, written like that one."""
    return insert_line_after(option.source, option.start, _written_like(option, settings))


def add_above(option: Option, *settings: tuple[str, str]) -> Edit:
    """Add lines above an option's, written like that one."""
    start = option.line_place.span.start
    return insert(option.source, start, _written_like(option, settings) + option.source.newline)


def add_under(source: Source, offset: int, model: Option | None, *settings: tuple[str, str]) -> Edit:
    """Add lines below the line, mostly a header's, that holds an offset; written like another option, if there is
    one."""
    if model is not None:
        return insert_line_after(source, offset, _written_like(model, settings))
    return insert_line_after(source, offset, source.newline.join(f"{name}={value}" for name, value in settings))


def add_section(config: Config, section: Section, name: str, *settings: tuple[str, str]) -> Edit:
    """Write another section below one: behind its last line, and behind what it includes."""
    source, file, last = section.source, config.trees[section.source], section.header.start
    for node in file.nodes[file.nodes.index(section.header) + 1 :]:
        if isinstance(node, Header):
            break
        if isinstance(node, Run):
            last = max((start for start, _ in file.entries(node)), default=last)
        elif not isinstance(node, Trivia):
            last = node.start
    lines = ("", f"[{name}]", *(f"{key}={value}" for key, value in settings))
    return insert_line_after(source, last, source.newline.join(lines))


def _written_like(option: Option, settings: Iterable[tuple[str, str]]) -> str:
    assignment = option.assignment
    line = option.source.line_text(option.start)
    indent = line[: assignment.key_span.start]
    between = line[assignment.key_span.end : assignment.value_span.start]
    if not option.value or assignment.operator == "+=":
        between = "="
    return option.source.newline.join(f"{indent}{name}{between}{value}" for name, value in settings)


def set_value(option: Option, value: str) -> Edit:
    """Write another value in the option's line."""
    return replace(option.value_place, value)


def set_option(section: Section, option: Option | None, name: str, value: str) -> Edit:
    """Let an option have a value in one section: in its own line, else in a new one, which counts after what it
    inherits. `option` is the one that counts now."""
    if option is not None and option.home is section and (option.source is section.source or _is_last(section, option)):
        return set_value(option, value)
    return add_option(section, (name, value))


def _is_last(section: Section, option: Option) -> bool:
    """Does a line of an included file come behind all lines of the section's own file?"""
    own = own_options(section)
    return not own or section.options.index(option) > section.options.index(own[-1])


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


def rename_section(config: Config, section: Section, name: str) -> Edit | None:
    """Write another name in a section's header; None where other headers or files add to it by its name, where others
    inherit from it, or where the name cannot stand in a header."""
    if not name or not set(name).isdisjoint("[](),;") or name.strip(BLANKS) != name or id(section) in config.bases:
        return None
    if any(option.home is section and option.source is not section.source for option in section.options):
        return None
    for _, header in config.headers_named(section.name):
        if header is not section.header and any(item.text.startswith("+") for item in header.items or ()):
            return None
    return replace(section.name_place, name)
