"""Where a line has to stand so that an account reads it behind one that it inherits."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import Edit
from cfglint.model.acl import AccessList
from cfglint.model.asterisk import Tree
from cfglint.model.editing import add_below, add_under
from cfglint.model.sip import Peer
from cfglint.resolve.asterisk import Config, Option, Section
from cfglint.source import Source
from cfglint.syntax.asterisk import Header


def add_behind(tree: Tree, acl: AccessList, option: Option, *settings: tuple[str, str]) -> Edit | None:
    """Lines for the owner of a list alone, behind an option of it; None where no place is plainly its own."""
    config = next((config for config in tree.configs if acl.section.source in config.trees), None)
    if config is None:
        return None
    parts = sections_of(config, acl)
    last, passed = None, False
    for section in parts:
        for own in section.options:
            passed = passed or own is option
            if passed and own.home is section and _is_below(config, own, section.name):
                last = own
    if not passed:
        return None
    if last is not None:
        return add_below(last, *settings)
    found = _header_that_brings(config, parts[-1], option)
    return None if found is None else add_under(*found, option, *settings)


def sections_of(config: Config, acl: AccessList) -> list[Section]:
    """The sections that make up the owner of a list."""
    if isinstance(acl.owner, Peer):
        return acl.owner.sections
    if acl.kind == "named acl":
        return [s for s in config.named(acl.name) if s.name == acl.name and not s.template]
    return [acl.section]


def _is_below(config: Config, option: Option, name: str) -> bool:
    """Does a line stand below a header of a name, and not in a file that is included there, and perhaps elsewhere?"""
    header = config.header_above(option.source, option.start)
    return header is not None and header.name == name


def _header_that_brings(config: Config, section: Section, option: Option) -> tuple[Source, int] | None:
    """The last header of a section that inherits an option; None where several files have one."""
    found = [
        (source, header.start)
        for source, header in config.headers_named(section.name)
        if any(inherited is option for base in _bases(config, header) for inherited in base.options)
    ]
    return found[-1] if found and len({source for source, _ in found}) == 1 else None


def _bases(config: Config, header: Header) -> Iterator[Section]:
    for item in header.items or ():
        if item.text and item.text[0] not in "!+":
            yield from config.named(item.text)[:1]
