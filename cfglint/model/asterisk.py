"""A directory of Asterisk configuration: which of its files are read, and the typed views of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.knowledge import asterisk as knowledge
from cfglint.knowledge.versions import Targets
from cfglint.model import dialing
from cfglint.model.acl import AccessList, NamedAcls
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.model.sip import Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import TOO_LARGE, Config
from cfglint.resolve.asterisk.loading import CONFIG_DIRECTORY, load
from cfglint.source import Place

COMPANIONS = ("acl.conf", "users.conf", "pjsip_wizard.conf")
"""Files that are read beside a root and judged with it."""

KINDS = {"sip.conf": "sip", "pjsip.conf": "pjsip", "acl.conf": "acl", "pjsip_wizard.conf": "wizard"}
"""Languages of .conf files that are told by the file's name."""

_PJSIP_TYPES = frozenset(("endpoint", "aor", "auth", "identify", "registration", "transport"))
_SIP_TYPES = frozenset(("friend", "peer", "user"))
_SIP_OPTIONS = frozenset(("host", "secret", "md5secret", "context", "defaultuser", "username", "insecure", "permit"))

_REALTIME = {
    "extconfig.conf": {"sippeers": "sip:peer", "sipusers": "sip:peer", "acls": "acl", "acl.conf": "acl"},
    "sorcery.conf": {},
}


class Tree:
    """One configuration directory as a run sees it.

    `roots` are the files to judge; what belongs to them in the same directory (acl.conf, users.conf …) is read, too.
    Raises `UnreadableInput` when a root cannot be read.
    """

    def __init__(self, roots: list[str], files: Files, targets: Targets, *, installed_at: str | None = None) -> None:
        self.files = files
        self.targets = targets
        self.installed_at = installed_at or CONFIG_DIRECTORY
        self.directory = os.path.dirname(os.path.abspath(roots[0]))
        self.exec_includes = self._exec_includes()
        self.failures: list[UnreadableInput] = []
        self.roots = {
            path: load(path, files, installed_at=self.installed_at, exec_includes=self.exec_includes) for path in roots
        }
        self._kinds = {path: kind_of(path, config) for path, config in self.roots.items()}
        self._companions: dict[str, Config | None] = {}

    language = "asterisk"
    check_families = ("conf", "acl", "sip", "pjsip")

    def subjects(self, family: str) -> list[Any]:
        """What the checks of a family look at."""
        if family == "conf":
            return list(self.configs)
        if family == "acl":
            return [self] if self.mentions_addresses else []
        found = self.sip if family == "sip" else self.pjsip
        return [] if found is None else [found]

    def limits(self) -> Iterator[tuple[Place, str]]:
        """Where reading stopped, and why."""
        for config in self.configs:
            for problem in config.problems:
                if problem.kind == TOO_LARGE:
                    text = "the includes and templates multiply beyond what cfglint follows; not everything was checked"
                    yield problem.place, text

    @cached_property
    def configs(self) -> list[Config]:
        """Every file that is judged: the roots, and what the server reads beside them."""
        found = list(self.roots.values())
        if self.sip is not None or self.pjsip is not None:
            found += [config for name in self._relevant() if (config := self.companion(name)) is not None]
        return found

    @cached_property
    def sip(self) -> Sip | None:
        """sip.conf, if it is among the roots and any version in question reads it."""
        config = self._root("sip")
        if config is None or not self.targets.has_chan_sip:
            return None
        return Sip(config, self.companion("users.conf"), knowledge.sip(self.targets.asterisk_branches), self)

    @cached_property
    def pjsip(self) -> Pjsip | None:
        """pjsip.conf with pjsip_wizard.conf, if it is among the roots."""
        config = self._root("pjsip")
        if config is None:
            return None
        known = knowledge.pjsip(self.targets.asterisk_branches, self.targets.asterisk)
        return Pjsip(config, self.companion("pjsip_wizard.conf"), known, self)

    @cached_property
    def acls(self) -> NamedAcls:
        """The named address lists of acl.conf."""
        return NamedAcls(self._root("acl") or self.companion("acl.conf"))

    @cached_property
    def access_lists(self) -> list[AccessList]:
        """All address lists of the tree."""
        found: list[AccessList] = []
        if self.sip is not None:
            found += self.sip.access_lists()
        if self.pjsip is not None:
            found += self.pjsip.access_lists()
        found += self.acls.lists.values()
        return found

    @property
    def mentions_addresses(self) -> bool:
        """Is anything written about address lists, be it in a place where it has no effect?"""
        return bool(self.access_lists or self.acls.failures or (self.sip is not None and self.sip.ignored_addresses))

    @cached_property
    def alike(self) -> list[list[AccessList]]:
        """The address lists in groups whose rules are the same and written alike: what holds for the rules of one holds
        for all of its group."""
        groups: dict[tuple[object, ...], list[AccessList]] = {}
        for found in self.access_lists:
            groups.setdefault(tuple([rule[:6] for rule in found.rules]), []).append(found)
        return list(groups.values())

    @cached_property
    def holders(self) -> dict[int, list[AccessList]]:
        """The address lists that a line is part of, by the id of its option; a template's line is part of many."""
        found: dict[int, list[AccessList]] = {}
        for acl in self.access_lists:
            for option in dict.fromkeys(id(rule.option) for rule in acl.rules):
                found.setdefault(option, []).append(acl)
        return found

    @cached_property
    def acl_users(self) -> dict[str, list[AccessList]]:
        """Name of a named ACL to the lists that refer to it."""
        users: dict[str, list[AccessList]] = {}
        for found in self.access_lists:
            for reference in found.references:
                listed = users.setdefault(reference.name, [])
                if not listed or listed[-1] is not found:  # one that refers to it twice
                    listed.append(found)
        return users

    def users(self, acl: AccessList) -> list[AccessList]:
        """Whose packets a list judges: the lists that refer to a named one, else itself alone.

        None where it is not in force: one of its entries, or acl.conf, or its object of ``type=acl`` is rejected.
        """
        if acl.kind == "named acl":
            return self.acl_users.get(acl.name, []) if self.acls.available else []
        dropped = acl.kind == "acl object" and isinstance(acl.owner, Object) and acl.owner.drop is not None
        return [] if acl.faults or dropped else [acl]

    @cached_property
    def _families(self) -> dict[str, frozenset[int]]:
        by_sip = self.sip.families if self.sip is not None else frozenset[int]()
        by_pjsip = self.pjsip.families if self.pjsip is not None else frozenset[int]()
        return {"peer": by_sip, "section": by_sip, "endpoint": by_pjsip, "acl object": by_pjsip}

    @property
    def listens(self) -> frozenset[int]:
        """4 and 6 as IPv4 and IPv6 packets come to any of the lists."""
        return frozenset().union(*self._families.values())

    def families(self, acl: AccessList) -> frozenset[int]:
        """4 and 6 as IPv4 and IPv6 packets come to a list."""
        if acl.kind != "named acl":
            return self._families[acl.kind]
        return frozenset(family for user in self.users(acl) for family in self._families[user.kind])

    def refusal(self, acl: AccessList) -> tuple[int, ...]:
        """The statuses that a REGISTER gets where a list refuses its address."""
        if acl.kind in ("peer", "section") and acl.purpose == "contact":
            return 401, 603  # channels/chan_sip.c:parse_register_contact
        if acl.kind == "peer":
            return self._unknown_peer()
        return (403,) if acl.kind == "acl object" else (401, 401)

    def loss(self, acl: AccessList) -> tuple[int, ...]:
        """The statuses that a REGISTER gets where the owner of a list does not exist; none where it is let through, or
        nobody answers."""
        if acl.kind == "peer":
            return self._unknown_peer()
        return (401, 401) if acl.kind == "endpoint" else ()

    def _unknown_peer(self) -> tuple[int, ...]:
        return (401, 403) if self.sip is None or self.sip.hides_accounts else (404,)

    @cached_property
    def realtime(self) -> frozenset[str]:
        """Kinds of objects that (also) come from a database, as extconfig.conf and sorcery.conf say."""
        return frozenset(self._realtime())

    def leave_out(self, path: str) -> None:
        """Judge a root no longer; to be called before anything else is asked for."""
        del self.roots[path]

    @cached_property
    def devices(self) -> dict[tuple[str, str], list[Place]]:
        """Where the dialplan and the queues name a device, by technology and name."""
        return dialing.devices(self.companion(name) for name in dialing.FILES)

    def companion(self, name: str) -> Config | None:
        """Another file of the directory, None if there is none (or it cannot be read: see `failures`)."""
        if name not in self._companions:
            self._companions[name] = None
            path = os.path.join(self.directory, name)
            for root, config in self.roots.items():
                if os.path.abspath(root) == path:
                    self._companions[name] = config
            if self._companions[name] is None and self.files.is_regular(path):
                try:
                    self._companions[name] = self._load(path)
                except UnreadableInput as error:
                    self.failures.append(error)
        return self._companions[name]

    def hidden(self, name: str) -> bool:
        """Is there such a file in the directory, though it cannot be read?"""
        self.companion(name)
        return any(os.path.basename(error.path) == name for error in self.failures)

    def _load(self, path: str) -> Config:
        return load(path, self.files, installed_at=self.installed_at, exec_includes=self.exec_includes)

    def _relevant(self) -> Iterator[str]:
        """The companions that the roots make use of."""
        loaded = {id(config) for config in self.roots.values()}
        for name in COMPANIONS:
            config = self.companion(name)
            if config is not None and id(config) not in loaded:
                yield name

    def _root(self, kind: str) -> Config | None:
        return next((config for path, config in self.roots.items() if self._kinds[path] == kind), None)

    def _exec_includes(self) -> bool:
        """Does asterisk.conf allow ``#exec``? Off by default (main/options.c)."""
        path = os.path.join(self.directory, "asterisk.conf")
        if not self.files.is_regular(path):
            return False
        try:
            config = load(path, self.files)
        except UnreadableInput:
            return False
        return any(
            is_true(option.value)
            for section in config.named("options")
            for option in section.options
            if option.name == "execincludes"
        )

    def _realtime(self) -> Iterator[str]:
        extconfig, sorcery = self.companion("extconfig.conf"), self.companion("sorcery.conf")
        if extconfig is not None:
            for section in extconfig.named("settings"):
                for option in section.options:
                    family = _REALTIME["extconfig.conf"].get(option.name)
                    if family:
                        yield family
        if sorcery is not None:
            for section in sorcery.sections:
                for option in section.options:
                    wizard = option.value.partition(",")[0].strip().lower()
                    if wizard not in ("config", "memory", "astdb"):
                        yield f"pjsip:{option.name.partition('/')[0]}"


def kind_of(path: str, config: Config) -> str:
    """What a .conf file is: ``sip``, ``pjsip``, ``acl``, ``wizard``, or ``conf`` for any other.

    The name tells, else the types of its sections do.
    """
    name = os.path.basename(path).lower()
    for ending in (".sample", ".example", ".dist", ".j2"):
        name = name.removesuffix(ending)
    if name in KINDS:
        return KINDS[name]
    if name in ("users.conf", "asterisk.conf", "extensions.conf") or "notify" in name:
        return "conf"
    pjsip = sip = False
    for section in config.sections:
        for option in section.options:
            if option.name == "type":
                pjsip |= option.value in _PJSIP_TYPES
                sip |= option.value.lower() in _SIP_TYPES and any(o.name in _SIP_OPTIONS for o in section.options)
    return "pjsip" if pjsip else "sip" if sip else "conf"
