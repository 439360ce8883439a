"""What a problem of the loader means for the file it stands in, in the words that all checks of this family share."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cfglint.findings import Note
from cfglint.resolve.asterisk import ABORTS, EXEC, NOT_FOUND, UNREADABLE, Config, Problem
from cfglint.source import Place, Source
from cfglint.syntax.asterisk import Header

LOADED_BY_NAME = frozenset(
    ("sip.conf", "pjsip.conf", "acl.conf", "users.conf", "pjsip_wizard.conf", "asterisk.conf", "extensions.conf")
)
"""Files that the server opens itself; any other may be meant for an include."""


def consequence(config: Config, problem: Problem) -> str:
    """What the server does about a line that ends the reading of its file."""
    if problem.effect != ABORTS:
        name = os.path.basename(problem.place.source.path)
        return f"the server stops reading {name} here and loads the rest without it"
    hint = " (if another file includes it, check that one instead)" if stands_alone(config) else ""
    return f"the server rejects the whole of {os.path.basename(config.path)}{hint}"


def stands_alone(config: Config) -> bool:
    """Was a file given that the server does not open by itself, so that something else may have to come before it?"""
    return os.path.basename(config.path) not in LOADED_BY_NAME


def lost(config: Config, problem: Problem) -> tuple[Note, ...]:
    """The sections that an included file loses because it is not read on; nothing for a file rejected as a whole."""
    if problem.effect == ABORTS:
        return ()
    source, span = problem.place
    below = [h for s, h in headers(config) if s is source and h.start >= span.start]
    if not below:
        return ()
    more = f" and {len(below) - 1} more below do" if len(below) > 1 else " does"
    return (Note(Place(source, below[0].name_span), f"[{below[0].name}]{more} not exist for the server"),)


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
