"""Whose lists an entry is part of, and what it does there.

An entry of a template is seen through every account that uses it, and is reported once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cfglint.findings import Note
from cfglint.model.acl import AccessList, Reference
from cfglint.model.addresses import Difference, Fault, Rule, difference
from cfglint.model.asterisk import Tree
from cfglint.model.pjsip.objects import Object
from cfglint.model.sip import Peer
from cfglint.namedtuples import NamedTuple

Entry = TypeVar("Entry", Rule, Fault, Reference)

NOTED = 3
"""So many accounts that an entry reaches through a template are shown."""


def by_entry(pairs: Iterable[tuple[Entry, AccessList]]) -> list[tuple[Entry, list[AccessList]]]:
    """Each entry of a file once, with all lists that hold it, in order."""
    found: dict[tuple[int, int], tuple[Entry, list[AccessList]]] = {}
    for entry, acl in pairs:
        found.setdefault((id(entry.option), entry.start), (entry, []))[1].append(acl)
    return list(found.values())


def shown(lists: list[AccessList]) -> str:
    """How a message names the owners."""
    others = len({(acl.kind, acl.name) for acl in lists}) - 1
    return f"{lists[0].shown} and {others} more" if others else lists[0].shown


def inherited(entry: Rule | Fault | Reference, lists: list[AccessList]) -> tuple[Note, ...]:
    """Where the first of the accounts stand that take an entry from somewhere else."""
    home = entry.option.home
    return tuple(Note(acl.section.name_place, f"{acl.shown} inherits it") for acl in lists if acl.section is not home)[
        :NOTED
    ]


def is_inbound(tree: Tree, acl: AccessList) -> bool:
    """Is somebody to come in through a list?"""
    if acl.kind == "named acl":
        return any(is_inbound(tree, user) for user in tree.users(acl))
    if isinstance(acl.owner, Peer):
        return acl.owner.dynamic if acl.purpose == "contact" else acl.owner.inbound
    if isinstance(acl.owner, Object) and acl.kind == "endpoint":
        return tree.pjsip is not None and tree.pjsip.inbound(acl.owner)
    return True


class Misread(NamedTuple):
    """An entry that the server reads otherwise than it was meant."""

    rule: Rule
    lists: list[AccessList]
    meant: tuple[int, int]
    """Network and mask."""
    effect: Difference

    def verdict(self, tree: Tree, level: str) -> tuple[str, str]:
        """Level and category: whom it refuses counts first, then whom it lets in; what has no effect is an info."""
        judging = [acl for acl in self.lists if acl.purpose != "media" and tree.users(acl)]
        if not judging or self.effect == (False, False):
            return "info", "style"
        return (level, "answer") if self.effect.refused else ("warning", "security")


def misread(tree: Tree, meant: Callable[[Rule], tuple[int, int] | None]) -> Iterator[Misread]:
    """The entries that `meant` reads otherwise: it returns network and mask, or None where there is no doubt."""
    found: dict[tuple[int, int], Misread] = {}
    for group in tree.alike:
        rules = group[0].rules
        for index, rule in enumerate(rules):
            reading = None if rule.plain else meant(rule)
            if reading is None:
                continue
            effect = difference(rules, index, *reading)
            for acl in group:
                own = acl.rules[index]
                known = found.setdefault(
                    (id(own.option), own.start), Misread(own, [], reading, Difference(False, False))
                )
                known.lists.append(acl)
                worse = Difference(*map(max, known.effect, effect))
                if worse != known.effect:
                    found[id(own.option), own.start] = known._replace(effect=worse)
    yield from found.values()
