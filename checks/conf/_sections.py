"""The lines of a section as they are written, which template they ask for, and the include that brings a file."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from cfglint.knowledge import asterisk as knowledge
from cfglint.knowledge.versions import Targets
from cfglint.resolve.asterisk import Config, Section
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import Assignment, Directive, File, Header, Node, Run, Single, Trivia


def fitting_template(config: Config, item: Place) -> str | None:
    """The one template above a header's item that makes something of the section: in pjsip.conf one of a type that
    knows all of its lines, else the only one with a type."""
    header = config.header_above(item.source, item.span.start)
    if header is None:
        return None
    own = [assignment.name for assignment in lines_below(config, item.source, header)]
    name = None
    for template in _templates_above(config, item.source, header):
        if template.name != name and _fits(config, template, own):
            if name is not None:
                return None
            name = template.name
    return name


def lines_below(config: Config, source: Source, header: Header) -> Iterator[Assignment]:
    """The assignments between a header and the next one, also those that the server does not come to read."""
    file = config.trees[source]
    for node in _nodes_below(file, header):
        if isinstance(node, Header):
            return
        if isinstance(node, Single):
            yield node.assignment
        elif isinstance(node, Run):
            yield from (entry for _, entry in file.entries(node) if isinstance(entry, Assignment))


def block_of(file: File, header: Header) -> Span:
    """A section's lines, from its header to its last line that is neither blank nor a comment."""
    end = header.end
    for node in _nodes_below(file, header):
        if isinstance(node, (Header, Directive)):
            break
        if isinstance(node, Run):
            end = max([end, *(file.source.line_span(start).end for start, _ in file.entries(node))])
        elif not isinstance(node, Trivia):
            end = node.end
    return Span(header.start, end)


def _nodes_below(file: File, header: Header) -> Iterator[Node]:
    return islice(file.nodes, bisect_right(file.nodes, header.start, key=lambda node: node.start), None)


def is_apart(file: File, span: Span) -> bool:
    """Does no block comment begin or end in some lines, so that they may stand elsewhere?"""
    return not any(span.start <= mark.offset < span.end for mark in file.marks)


def ends_a_section(file: File, offset: int, *, includes: bool = False) -> bool:
    """Do no lines follow behind an offset that belong to the section there? An include may begin with such lines;
    `includes`: it is taken not to."""
    for node in file.nodes:
        if node.end <= offset or isinstance(node, Trivia):
            continue
        if isinstance(node, Header) or (includes and isinstance(node, Directive)):
            return True
        if not isinstance(node, Run) or any(start >= offset for start, _ in file.entries(node)):
            return False
    return True


def include_of(config: Config, source: Source) -> Directive | None:
    """The line of the root that includes a file by its name."""
    folder = os.path.dirname(os.path.abspath(config.path))
    directives = (node for node in config.trees[config.root].nodes if isinstance(node, Directive) and node.argument)
    for node in directives:
        named = os.path.normpath(os.path.join(folder, node.argument or ""))
        if node.word.lower() in ("include", "tryinclude") and named == os.path.abspath(source.path):
            return node
    return None


def _templates_above(config: Config, source: Source, header: Header) -> Iterator[Section]:
    """Templates that the server has read when it comes to a header; if it gave up there, those of all other files."""
    read = next(iter(config.begun_by(header)), len(config.sections))
    for place, section in config.templates:
        if place < read and not (section.source is source and section.header.start > header.start):
            yield section


def _fits(config: Config, template: Section, own: list[str]) -> bool:
    option = template.first("type")
    if option is None or template.incomplete:
        return False
    if not os.path.basename(config.path).lower().startswith("pjsip"):
        return True
    known = knowledge.pjsip(Targets().asterisk_branches).types.get(option.value)
    return bool(own) and known is not None and all(name == "type" or known.get(name) is not None for name in own)
