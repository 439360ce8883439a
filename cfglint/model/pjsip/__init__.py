"""pjsip.conf as res_pjsip holds it: objects by type, what was dropped and why.

Follows res_sorcery_config.c:sorcery_config_internal_load and main/sorcery.c:ast_sorcery_objectset_apply.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.asterisk import PjsipKnowledge
from cfglint.knowledge.versions import Version
from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import bound_families
from cfglint.model.credentials import unusable
from cfglint.model.identify import Match, matches
from cfglint.model.pjsip.loading import Checker
from cfglint.model.pjsip.objects import (
    ACL_OPTIONS,
    CONTACT_SENSES,
    DEFAULT_ORDER,
    IDENTIFIERS,
    SENSES,
    Object,
    Shape,
    names,
)
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Config, Option, Section
from cfglint.source import Place, Source

if TYPE_CHECKING:
    from cfglint.model.asterisk import Tree


class Pjsip:
    """All objects of pjsip.conf and pjsip_wizard.conf."""

    def __init__(self, config: Config, wizard: Config | None, knowledge: PjsipKnowledge, tree: Tree) -> None:
        self.config = config
        self.tree = tree
        self.knowledge = knowledge
        self.declared: dict[str, list[Object]] = {kind: [] for kind in knowledge.types}
        """Every object of a type in order, dropped ones, too."""
        self.unrecognised: list[Section] = []
        """Sections that no type claims."""
        self._shapes: dict[tuple[str, ...], Shape] = {}
        self._checker = Checker(knowledge)
        for section in config.sections:
            if not section.template:
                self._add(section)
        if wizard is not None:
            for section in wizard.sections:
                if not section.template and (option := section.first("type")) and option.value == "wizard":
                    self._add_wizard(section)
        self._by_name = {kind: {o.name: o for o in declared} for kind, declared in self.declared.items()}
        self.duplicates: dict[str, list[tuple[Object, Object]]] = {}
        """Per type the pairs of one name: any such pair empties the whole type."""
        self.objects: dict[str, dict[str, Object]] = {}
        """Per type the objects that load, by name."""
        for kind, declared in self.declared.items():
            loaded: dict[str, Object] = {}
            self.objects[kind] = loaded
            for item in declared:
                if item.drop is not None:
                    # The second of a name is one too many before its options are looked at.
                    if item.name in loaded and kind not in knowledge.single:
                        self.duplicates.setdefault(kind, []).append((loaded[item.name], item))
                    continue
                known = next(iter(loaded.values()), item) if kind in knowledge.single else item
                if loaded.setdefault(item.name, item) is not item or known is not item:
                    self.duplicates.setdefault(kind, []).append((loaded[known.name], item))

    @property
    def version(self) -> Version | None:
        """The version in question, None for every supported one."""
        return self.tree.targets.asterisk

    def has(self, first: str) -> bool | None:
        """Does the version in question have what came with some releases? None where only some versions do."""
        return None if self.version is None else asterisk_changes.has(self.version, first)

    def dropped(self, reason: str) -> dict[tuple[Source, int], list[Object]]:
        """Objects dropped for a reason, by the line (file and offset) that does it: one in a template drops many."""
        found: dict[tuple[Source, int], list[Object]] = {}
        for declared in self.declared.values():
            for item in declared:
                if item.drop is not None and item.drop.reason == reason:
                    option = item.drop.option
                    where = (item.section.source, item.section.header.start) if option is None else option[3:5]
                    found.setdefault(where, []).append(item)
        return found

    def find(self, kind: str, name: str) -> Object | None:
        """An object by type and exact name, also a dropped one."""
        return self._by_name[kind].get(name)

    def loaded(self, kind: str) -> dict[str, Object]:
        """What the server holds of a type: nothing where a name is doubled, but for transports, which listen all the
        same."""
        return {} if kind in self.duplicates and kind != "transport" else self.objects[kind]

    @property
    def endpoints(self) -> dict[str, Object]:
        """Endpoints that load, by name."""
        return self.objects["endpoint"]

    @property
    def aors(self) -> dict[str, Object]:
        """AORs that load, by name."""
        return self.objects["aor"]

    @property
    def auths(self) -> dict[str, Object]:
        """Auths that load, by name."""
        return self.objects["auth"]

    @cached_property
    def recognised(self) -> frozenset[str]:
        """Endpoints that an identify names, or a registration: their other side need not register."""
        kinds = ("identify", "registration")
        return frozenset(item.value("endpoint") for kind in kinds for item in self.declared[kind])

    @cached_property
    def settings(self) -> Object | None:
        """The ``[global]`` that counts."""
        return next(iter(self.loaded("global").values()), None)

    @property
    def default_realm(self) -> str:
        """What a challenge names where the auth does not say."""
        return (self.settings.value("default_realm") if self.settings else "") or "asterisk"

    @cached_property
    def order(self) -> list[str]:
        """The identifiers in the order in which they are tried, unlisted ones last."""
        value = self.settings.value("endpoint_identifier_order", DEFAULT_ORDER) if self.settings else DEFAULT_ORDER
        listed = [name for item in value.split(",") if (name := item.strip().lower()) in IDENTIFIERS]
        return [*dict.fromkeys(listed), *(name for name in IDENTIFIERS if name not in listed)]

    def algorithms(self, auth: Object) -> tuple[str, ...]:
        """The algorithms that an auth offers in its challenge, in releases that know several."""
        return _accumulated(auth, "supported_algorithms_uas") or self.general_algorithms

    @property
    def general_algorithms(self) -> tuple[str, ...]:
        """What an auth offers that names none; whoever is unknown is challenged with these, too."""
        general = self.settings.items("default_auth_algorithms_uas") if self.settings else ()
        return general or ("MD5",)

    def unusable(self, auth: Object, new_digest: bool) -> str | None:
        """Why a kind of release drops an auth, or None; it must serve what it asks for, and what it is asked for
        elsewhere (res_pjsip/config_auth.c:auth_apply)."""
        general = self.settings.items("default_auth_algorithms_uac") if self.settings else ()
        outbound = _accumulated(auth, "supported_algorithms_uac") or general or ("MD5",)
        return unusable(auth, new_digest, dict.fromkeys((*self.algorithms(auth), *outbound)))

    @property
    def digest_rules(self) -> tuple[bool, ...]:
        """The rules for auths of the versions in question: False the old ones, True those with several algorithms."""
        new = self.has(asterisk_changes.NEW_DIGEST)
        return (False, True) if new is None else (new,)

    @cached_property
    def phones(self) -> list[Object]:
        """Endpoints that devices register to: with an auth, an AOR that takes registrations, and nothing that tells of
        a trunk."""
        return [e for e in self.endpoints.values() if e.value("auth") and not self.is_trunk(e) and self.registers(e)]

    def registers(self, endpoint: Object) -> bool:
        """Does one of its AORs take registrations?"""
        return any(
            aor is not None and aor.integer("max_contacts", 0) > 0 for aor in map(self.aors.get, endpoint.items("aors"))
        )

    def auths_of(self, endpoint: Object, key: str = "auth") -> list[Object]:
        """The auths that load of those that an endpoint or registration names."""
        return [auth for auth in map(self.auths.get, endpoint.items(key)) if auth is not None]

    @cached_property
    def aor_users(self) -> dict[str, list[tuple[Object, Place]]]:
        """The endpoints that name an AOR, with the place of the name, by AOR."""
        users: dict[str, list[tuple[Object, Place]]] = {}
        for endpoint in self.declared["endpoint"]:
            for name, place in names(endpoint.get("aors")):
                users.setdefault(name, []).append((endpoint, place))
        return users

    @cached_property
    def positions(self) -> dict[int, int]:
        """Where a section stands among all of them, by its id."""
        return {id(section): index for index, section in enumerate(self.config.sections)}

    @cached_property
    def identify_entries(self) -> list[tuple[Object, list[Match]]]:
        """The ``identify`` objects that load, with what each of them takes."""
        return [(item, matches(item)) for item in self.objects["identify"].values()]

    @cached_property
    def inbound_auths(self) -> frozenset[str]:
        """Names of auths that somebody proves himself with to this server."""
        return frozenset(name for endpoint in self.declared["endpoint"] for name in endpoint.items("auth"))

    def is_trunk(self, endpoint: Object) -> bool:
        """Is it recognised by its address, or a place where Asterisk itself logs in?"""
        return endpoint.name in self.recognised or endpoint.get("outbound_auth") is not None

    @property
    def is_piece(self) -> bool:
        """Is only a piece of pjsip.conf at hand, as its name tells?"""
        return not os.path.basename(self.config.path).lower().startswith("pjsip.conf")

    def external(self, kind: str) -> bool:
        """May objects of a type exist that no file here shows: from realtime, a program's output, a missing file?"""
        if self.config.incomplete or f"pjsip:{kind}" in self.tree.realtime:
            return True
        return self.is_piece and not self.declared[kind]

    def bare_plus(self, option: Option) -> Place | None:
        """The ``+`` of the header that an option stands below, None where that has none, or one with a filter."""
        header = self.config.header_above(option.source, option.start)
        items = (header.items or ()) if header is not None else ()
        plus = next((item for item in items if item.text == "+"), None)
        return None if plus is None else Place(option.source, plus.span)

    def access_lists(self) -> Iterator[AccessList]:
        """The address lists of endpoints and of ``type=acl`` objects, dropped ones included."""
        for kind, label in (("endpoint", "endpoint"), ("acl", "acl object")):
            for item in self.declared[kind]:
                if ACL_OPTIONS.keys().isdisjoint(item.shape.last):
                    continue
                options = [option for option in item.options if option.name in ACL_OPTIONS]
                for purpose, senses in (("source", SENSES), ("contact", CONTACT_SENSES)):
                    found = read_list(label, purpose, item.name, item.section, options, senses, item)
                    if found is not None:
                        yield found

    @cached_property
    def identified(self) -> frozenset[str]:
        """Names of endpoints that an ``identify`` object refers to."""
        return frozenset(item.value("endpoint") for item in self.declared["identify"])

    def inbound(self, endpoint: Object) -> bool:
        """Is an endpoint there for somebody who calls or registers, not only to call out through?"""
        return bool(endpoint.value("auth")) or endpoint.name in self.identified or endpoint.name == "anonymous"

    @property
    def families(self) -> frozenset[int]:
        """4 and 6 as the transports are bound; IPv4 without any."""
        binds = [item.value("bind") for item in self.declared["transport"]]
        return frozenset(family for bind in binds for family in bound_families(bind)) or frozenset((4,))

    def _add(self, section: Section) -> None:
        option = section.first("type")
        kind = option.value if option is not None else None
        if option is None and section.name in self.knowledge.single:
            kind = section.name  # [global] and [system] are found by name when every option is known
        if kind is None or kind not in self.declared:
            self.unrecognised.append(section)
            return
        item = Object(kind, section.name, section, section.options, option, False, self._shape(section.options))
        if not section.incomplete:
            item.drop = self._checker.check(item)
        self.declared[kind].append(item)

    def _shape(self, options: list[Option]) -> Shape:
        names = tuple([option.name for option in options])
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shapes[names] = Shape(names)
        return shape

    def _add_wizard(self, section: Section) -> None:
        """res_pjsip_config_wizard.c: the objects that one section of pjsip_wizard.conf stands for."""
        sends, accepts = (
            {word: is_true(o.value) if (o := section.last(f"{prefix}_{word}")) else False for word in words}
            for prefix, words in (("sends", ("auth", "registrations")), ("accepts", ("auth", "registrations")))
        )
        name = section.name
        made = [("endpoint", "endpoint/", name), ("aor", "aor/", name)]
        if accepts["auth"]:
            made.append(("auth", "inbound_auth/", f"{name}-iauth"))
        if sends["auth"]:
            made.append(("auth", "outbound_auth/", f"{name}-oauth"))
        hosts = section.last("remote_hosts")
        addresses = [host.strip() for host in hosts.value.split(",") if host.strip()] if hosts is not None else []
        line = (sends_line := section.last("sends_line_with_registrations")) is not None and is_true(sends_line.value)
        if hosts is not None and not accepts["registrations"] and not line:
            made.append(("identify", "identify/", f"{name}-identify"))
        if sends["registrations"]:
            made += [("registration", "registration/", f"{name}-reg-{index}") for index in range(len(addresses))]
        type_option = section.first("type")
        assert type_option is not None
        linked = {"endpoint": [("aors", name)], "aor": [], "identify": [("endpoint", name)], "registration": []}
        if accepts["auth"]:
            linked["endpoint"].append(("auth", f"{name}-iauth"))
        if sends["auth"]:
            linked["endpoint"].append(("outbound_auth", f"{name}-oauth"))
            linked["registration"].append(("outbound_auth", f"{name}-oauth"))
        if line:
            linked["registration"] += [("line", "yes"), ("endpoint", name)]
        if hosts is not None:
            linked["identify"].append(("match", hosts.value))
            linked["aor"] += [("contact", f"sip:{address}") for address in addresses]
        for kind, prefix, made_name in made:
            # What the wizard adds by itself stands nowhere: its place is the line that makes the section one.
            options = [type_option._replace(name=key, value=value) for key, value in linked.get(kind, ())]
            options += [
                option._replace(name=option.name[len(prefix) :])
                for option in section.options
                if option.name.startswith(prefix)
            ]
            self.declared[kind].append(
                Object(kind, made_name, section, options, type_option, True, self._shape(options))
            )


def _accumulated(auth: Object, name: str) -> tuple[str, ...]:
    """The items of every line of an option, in order."""
    return tuple(item.strip() for option in auth.all(name) for item in option.value.split(",") if item.strip())
