"""Address lists: which one belongs to whom, and the named ones of acl.conf (main/acl.c, main/named_acl.c)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cfglint.model.addresses import Fault, Rule, read_rules
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Config, Option, Section, folded
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.model.pjsip.objects import Object
    from cfglint.model.sip import Peer


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
    """What it belongs to: ``peer``, ``section`` (chan_sip's [general]), ``endpoint``, ``acl object``, ``named acl``."""
    purpose: str
    """``source`` (where a packet comes from), ``contact`` (the address in Contact) or ``media``."""
    name: str
    section: Section
    rules: tuple[Rule, ...]
    faults: tuple[Fault, ...]
    references: tuple[Reference, ...]
    owner: Peer | Object | None = None
    """The account, where it belongs to one."""

    @property
    def shown(self) -> str:
        """How messages name it."""
        return f"{self.kind} '{self.name}'"

    @property
    def repetitions(self) -> Iterator[tuple[Reference, Reference]]:
        """First and later mention of the named ACLs that stand in it more than once, whatever their case: for the owner
        an entry that cannot be read (main/acl.c:ast_append_acl)."""
        first: dict[str, Reference] = {}
        for reference in self.references:
            before = first.setdefault(folded(reference.name), reference)
            if before is not reference:
                yield before, reference


def read_list(
    kind: str,
    purpose: str,
    name: str,
    section: Section,
    options: Iterable[Option],
    senses: dict[str, str],
    owner: Peer | Object | None = None,
) -> AccessList | None:
    """An owner's list from its options in order; `senses` maps option names to permit, deny and acl. None if empty."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    references: list[Reference] = []
    empty = True
    for option in options:
        sense = senses.get(option.name)
        if sense is None or (not option.value and (kind, purpose) in _WITHOUT_VALUE):
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
    return AccessList(kind, purpose, name, section, tuple(rules), tuple(faults), tuple(references), owner)


_WITHOUT_VALUE = {("peer", "source"), ("peer", "contact"), ("endpoint", "source"), ("endpoint", "contact")}
"""Lists in which a line without value is skipped (channels/chan_sip.c:build_peer,
res_pjsip/pjsip_configuration.c:endpoint_acl_handler); elsewhere it is an entry that cannot be read."""


def _references(option: Option) -> list[Reference]:
    found, start = [], 0
    for item in option.value.split(","):
        name = item.lstrip()
        found.append(Reference(name, option, start + len(item) - len(name), start + len(item)))
        start += len(item) + 1
    return found


NAMED_SENSES = {"permit": "permit", "deny": "deny"}

SYNTAX = "syntax"
GENERAL = "general"
ALIEN = "alien"
ENTRY = "entry"


class Failure(NamedTuple):
    """Why acl.conf is rejected as a whole; `kind` is `SYNTAX`, `GENERAL` (a section of that name), `ALIEN` (an option
    that is neither permit nor deny) or `ENTRY` (one that cannot be read)."""

    kind: str
    place: Place


class NamedAcls:
    """acl.conf. Without the file, or when one entry of it cannot be read, there is no table at all, and every
    reference lets everybody pass (main/named_acl.c:ast_named_acl_find)."""

    def __init__(self, config: Config | None) -> None:
        self.config = config
        self.lists: dict[str, AccessList] = {}
        self.failures: list[Failure] = []
        """What the whole file is rejected for; one is enough."""
        if config is None:
            return
        merged: dict[str, list[Section]] = {}
        for section in config.sections:
            if not section.template:
                merged.setdefault(section.name, []).append(section)
        if config.aborted is not None:
            self.failures.append(Failure(SYNTAX, config.aborted.place))
        for name, sections in merged.items():
            options = [option for section in sections for option in section.options]
            if folded(name) == "general":
                self.failures.append(Failure(GENERAL, sections[0].name_place))
                continue
            found = read_list("named acl", "source", name, sections[0], options, NAMED_SENSES)
            found = found or AccessList("named acl", "source", name, sections[0], (), (), ())
            self.lists[name] = found
            self.failures += [Failure(ALIEN, o.key_place) for o in options if o.name not in NAMED_SENSES]
            self.failures += [Failure(ENTRY, fault.place) for fault in found.faults]

    @property
    def available(self) -> bool:
        """Does the server have a table of named ACLs?"""
        return self.config is not None and not self.failures

    @property
    def complete(self) -> bool:
        """Is every named ACL known, because nothing of acl.conf is out of reach?"""
        return self.config is not None and not self.config.incomplete
