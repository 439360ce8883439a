"""Edits of a kamailio.cfg that keep the file's own style."""

from __future__ import annotations

from typing import Any

from cfglint.edits import Edit, delete, insert, insert_line_after
from cfglint.source import Place, Source, Span
from cfglint.syntax.kamailio.nodes import Node, Statement


def written(*parts: Any) -> bool:
    """Do nodes and tokens stand in one file as they are, not brought by a define?"""
    source = parts[0].home.source
    return all(part.home.source is source and part.home.expansion is None for part in parts)


def remove_statement(statement: Statement) -> Edit:
    """Take a statement away with its semicolon, and the lines with it when nothing else stands there."""
    return _remove(statement.home.source, statement.start, statement.stop)


def remove_item(item: Node) -> Edit:
    """Take something of the top level away, and the lines with it when nothing else stands there."""
    return _remove(item.home.source, item.start, item.end)


def _remove(source: Source, start: int, end: int) -> Edit:
    first, last = source.line_span(start), source.line_span(end)
    alone = not (source.text[first.start : start] + source.text[end : last.end]).strip()
    return delete(Place(source, Span(first.start, last.end) if alone else Span(start, end)))


def put_before(node: Node, text: str) -> Edit:
    """Insert another statement, or item of the top level, in front of one: in a line of its own when that one begins
    its line."""
    source = node.home.source
    indentation = source.text[source.line_span(node.start).start : node.start]
    between = " " if indentation.strip() else source.newline + indentation
    return insert(source, node.start, text + between)


def add_line_below(node: Node, text: str) -> Edit:
    """Insert a line below the one in which a node of the top level ends."""
    return insert_line_after(node.home.source, node.end, text)
