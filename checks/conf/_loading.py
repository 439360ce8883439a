"""What a problem of the loader means for the file it stands in, in the words that all checks of this family share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from cfglint.findings import Defect, Note
from cfglint.knowledge.names import Suggestions
from cfglint.resolve.asterisk import (
    ABORTS,
    EXEC,
    NO_CATEGORY,
    NOT_FOUND,
    UNKNOWN_BASE,
    UNKNOWN_TARGET,
    UNREADABLE,
    Config,
    Problem,
)
from cfglint.source import Place, Source, Span
from cfglint.syntax.asterisk import NO_CLOSING_BRACKET, NO_CLOSING_PAREN, Directive, Header

LOADED_BY_NAME = ("sip.conf", "pjsip.conf", "acl.conf", "users.conf", "pjsip_wizard.conf", "extensions.conf")
"""Files that the server opens itself; any other may be meant for an include."""


def stopping(config: Config, problem: Problem, text: str, notes: tuple[Note, ...] = (), subject: Any = None) -> Defect:
    """A defect at which the server stops reading a file; `text` says why, and what follows from it is added.

    A root that is rejected is an error of syntax. An included file only ends there while all else is loaded: then the
    phones whose sections are lost will be refused, or options are missing.
    """
    after = _lost(config, problem)
    message = f"{text}, so {_consequence(config, problem)}"
    level, category = None, None
    if problem.effect != ABORTS:
        level, category = ("error", "answer") if after or problem.kind in _HEADERS else ("warning", "load")
    return Defect(problem.place, message, (*notes, *after), subject, level, category)


_HEADERS = frozenset((UNKNOWN_BASE, UNKNOWN_TARGET, NO_CLOSING_BRACKET, NO_CLOSING_PAREN))
"""Problems with a header, whose section is lost itself."""


def _consequence(config: Config, problem: Problem) -> str:
    if problem.effect != ABORTS:
        name = os.path.basename(problem.place.source.path)
        return f"the server stops reading {name} here and loads the rest without it"
    piece = problem.kind in (NO_CATEGORY, UNKNOWN_BASE, UNKNOWN_TARGET) and stands_alone(config)
    hint = " (if another file includes it, check that one instead)" if piece else ""
    return f"the server rejects the whole of {os.path.basename(config.path)}{hint}"


def _lost(config: Config, problem: Problem) -> tuple[Note, ...]:
    """What an included file loses because it is not read on; nothing for a file rejected as a whole."""
    if problem.effect == ABORTS:
        return ()
    source, (start, end) = problem.place
    below = [h for s, h in headers(config) if s is source and h.start >= source.line_span(start).start]
    if below:
        more = f" and {len(below) - 1} more below do" if len(below) > 1 else " does"
        return (Note(Place(source, below[0].name_span), f"[{below[0].name}]{more} not exist for the server"),)
    for node in config.trees[source].nodes:
        if isinstance(node, Directive) and node.start >= end and node.argument:
            return (Note(Place(source, node.argument_span), "this is not included any more"),)
    return ()


def item_extent(place: Place) -> Place | None:
    """An item of a header with its comma, or with the parentheses where it is the only one; None where it stands
    otherwise."""
    source, (start, end) = place
    before, after = source.text[start - 1 : start], source.text[end : end + 1]
    if before == "(" and after == ")":
        return Place(source, Span(start - 1, end + 1))
    if before == ",":
        return Place(source, Span(start - 1, end))
    return Place(source, Span(start, end + 1)) if after == "," else None


def stands_alone(config: Config) -> bool:
    """Was a file given that the server does not open by itself, so that something else may have to come before it?"""
    return not os.path.basename(config.path).startswith(LOADED_BY_NAME)


def slip(name: str, known: Suggestions) -> str | None:
    """The name that was meant, if there is one. Names that differ in a number are no slips."""
    close = known.nearest(name)
    same = close is not None and [c for c in close if c.isdigit()] == [c for c in name if c.isdigit()]
    return close if same else None


def headers(config: Config) -> Iterator[tuple[Source, Header]]:
    """The headers of all files, read or given up by the server."""
    for source, file in config.trees.items():
        for node in file.nodes:
            if isinstance(node, Header):
                yield source, node


def unread(problem: Problem) -> str | None:
    """What stayed unknown behind an include or program that could not be followed; None for any other problem."""
    if problem.kind in (NOT_FOUND, UNREADABLE):
        return f"'{problem.place.text}'"
    if problem.kind == EXEC and problem.detail == "enabled":
        return "what '#exec' prints"
    return None
