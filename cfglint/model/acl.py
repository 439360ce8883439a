"""Address lists: which one belongs to whom, and the named ones of acl.conf (main/acl.c, main/named_acl.c)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cfglint.model.addresses import Fault, Rule, read_rules
from cfglint.resolve.asterisk import Config, Option, Section
from cfglint.source import Place


class Reference(NamedTuple):
    """A named ACL in an ``acl=`` line; leading blanks are gone, trailing ones count."""

    name: str
    option: Option
    start: int
    end: int

    @property
    def place(self) -> Place:
        """The name in the file."""
        return self.option.part_place(self.start, self.end)


class AccessList(NamedTuple):
    """All rules of one purpose of one owner. An address passes if the rules and each named ACL let it through."""

    kind: str
    """What it belongs to: ``peer``, ``endpoint``, ``acl object``, ``named acl``."""
    purpose: str
    """``source`` (where a packet comes from), ``contact`` (the address in Contact) or ``media``."""
    name: str
    section: Section
    rules: tuple[Rule, ...]
    faults: tuple[Fault, ...]
    references: tuple[Reference, ...]

    @property
    def shown(self) -> str:
        """How messages name it."""
        return f"{self.kind} '{self.name}'"


def read_list(
    kind: str, purpose: str, name: str, section: Section, options: Iterable[Option], senses: dict[str, str]
) -> AccessList | None:
    """An owner's list from its options in order; `senses` maps option names to permit, deny and acl. None if empty."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    references: list[Reference] = []
    empty = True
    for option in options:
        sense = senses.get(option.name)
        if sense is None:
            continue
        empty = False
        if sense == "acl":
            references += _references(option)
            continue
        found, fault = read_rules(option, sense == "permit")
        rules += found
        if fault is not None:
            faults.append(fault)
    if empty:
        return None
    return AccessList(kind, purpose, name, section, tuple(rules), tuple(faults), tuple(references))


def _references(option: Option) -> list[Reference]:
    found, start = [], 0
    for item in option.value.split(","):
        name = item.lstrip()
        found.append(Reference(name, option, start + len(item) - len(name), start + len(item)))
        start += len(item) + 1
    return found


NAMED_SENSES = {"permit": "permit", "deny": "deny"}


class NamedAcls:
    """acl.conf. Without the file, or when one entry of it cannot be read, there is no table at all, and every
    reference lets everybody pass (main/named_acl.c:ast_named_acl_find)."""

    def __init__(self, config: Config | None) -> None:
        self.config = config
        self.lists: dict[str, AccessList] = {}
        self.failure: Place | None = None
        """The line for which the whole file is rejected."""
        if config is None:
            return
        merged: dict[str, list[Section]] = {}
        for section in config.sections:
            if not section.template:
                merged.setdefault(section.name, []).append(section)
        for name, sections in merged.items():
            options = [option for section in sections for option in section.options]
            if name.lower() == "general":
                self.failure = self.failure or sections[0].name_place
                continue
            alien = next((option for option in options if option.name not in NAMED_SENSES), None)
            found = read_list("named acl", "source", name, sections[0], options, NAMED_SENSES)
            self.lists[name] = found or AccessList("named acl", "source", name, sections[0], (), (), ())
            if alien is not None:
                self.failure = self.failure or alien.key_place
            elif found is not None and found.faults:
                self.failure = self.failure or found.faults[0].place
        if config.aborted is not None:
            self.failure = config.aborted.place

    @property
    def available(self) -> bool:
        """Does the server have a table of named ACLs?"""
        return self.config is not None and self.failure is None
