"""sip.conf as chan_sip holds it: the general section, and peers as reload_config and build_peer make them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cfglint.knowledge.asterisk import SipKnowledge
from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import bound_families
from cfglint.model.nat import nat_flags
from cfglint.model.registration import Registration, read_registration
from cfglint.model.values import FALSE_WORDS, is_false, is_true
from cfglint.resolve.asterisk import Config, Option, Section, folded

if TYPE_CHECKING:
    from cfglint.model.asterisk import Tree

TYPES = {"user": "u", "peer": "p", "friend": "up"}
"""What a type makes of a section: looked up by name for calls (u), for registrations and by address (p)."""

ALIASES = {
    "username": "defaultuser",
    "canreinvite": "directmedia",
    "externip": "externaddr",
    "udpbindaddr": "bindaddr",
}
"""Other spellings of an option (channels/chan_sip.c:build_peer and reload_config)."""

DEFAULT_NAT = "auto_force_rport"
"""What holds without a ``nat`` line (channels/chan_sip.c:reload_config)."""

INSECURE = ("port", "invite")
"""The words of ``insecure`` (channels/chan_sip.c:set_insecure_flags)."""

SOURCE_SENSES = {"permit": "permit", "deny": "deny", "acl": "acl"}
CONTACT_SENSES = {"contactpermit": "permit", "contactdeny": "deny", "contactacl": "acl"}
MEDIA_SENSES = {"directmediapermit": "permit", "directmediadeny": "deny", "directmediaacl": "acl"}
_SENSES = (("source", SOURCE_SENSES), ("contact", CONTACT_SENSES), ("media", MEDIA_SENSES))
_ADDRESS_OPTIONS = frozenset(name for _, senses in _SENSES for name in senses)


def insecure_words(option: Option | None) -> frozenset[str]:
    """``port`` and ``invite`` as an ``insecure`` line says them."""
    if option is None or is_false(option.value):
        return frozenset()
    return frozenset(word for word in option.value.lower().split(",") if word in INSECURE)


class Peer:
    """What chan_sip makes of one section, or of several of one name."""

    __slots__ = ("_index", "name", "options", "roles", "sections", "type_options")

    def __init__(self, section: Section) -> None:
        self.name = section.name
        self.sections = [section]
        self.options: list[Option] = list(section.options)
        self.type_options: list[Option] = section.all("type")
        self.roles = _roles(self.type_options)
        self._index: dict[str, Option] | None = None

    def __repr__(self) -> str:
        return f"Peer({self.name!r}, {self.roles!r})"

    @property
    def section(self) -> Section:
        """The section it began with."""
        return self.sections[0]

    @property
    def incomplete(self) -> bool:
        """Does one of its sections inherit from something that does not exist?"""
        return any(section.incomplete for section in self.sections)

    @property
    def registers(self) -> bool:
        """Is it looked up for REGISTER? (register_verify finds objects of type peer and friend)"""
        return "p" in self.roles

    @property
    def dynamic(self) -> bool:
        """Does its last ``host`` line say dynamic?"""
        host = self.get("host")
        return host is not None and host.value.lower() == "dynamic"

    @property
    def inbound(self) -> bool:
        """Is it there for somebody who calls or registers, not only to call out through?"""
        return self.roles == "u" or (self.registers and (self.dynamic or self.get("insecure") is not None))

    @property
    def secret(self) -> Option | None:
        """What its digest is made from: md5secret counts before secret."""
        for name in ("md5secret", "secret"):
            option = self.get(name)
            if option is not None and option.value:
                return option
        return None

    @property
    def insecure(self) -> frozenset[str]:
        """``port`` and ``invite`` as the last line says: exact words between commas, anything else has no effect
        (channels/chan_sip.c:set_insecure_flags)."""
        return insecure_words(self.get("insecure"))

    @property
    def challenged(self) -> bool:
        """Must who is recognised by this section's address prove itself when it calls?"""
        return self.secret is not None and "invite" not in self.insecure

    @property
    def fixed_host(self) -> str:
        """The address or name it is recognised by, in lower case; empty for an account that registers."""
        host = self.value("host").lower()
        return host if self.registers and host != "dynamic" else ""

    @property
    def empty_host(self) -> Option | None:
        """A ``host`` line without a value, if no later address replaces it: build_peer deletes the peer."""
        if self.get("host") is None:
            return None
        hosts = [o for o in self.options if o.name == "host" and o.value.lower() != "dynamic"]
        return hosts[-1] if hosts and not hosts[-1].value else None

    def get(self, name: str) -> Option | None:
        """The last option of a name or of one of its other spellings."""
        index = self._index
        if index is None:
            index = self._index = {ALIASES.get(option.name, option.name): option for option in self.options}
        return index.get(name)

    def value(self, name: str, default: str = "") -> str:
        """The value that counts, or the default."""
        option = self.get(name)
        return default if option is None else option.value

    def merge(self, section: Section) -> None:
        """A later section of the same name, whatever its case, is built on top and gives its spelling
        (channels/chan_sip.c:build_peer finds the existing peer)."""
        last = self.sections[-1].options  # no other options of those names are left
        self.options[len(self.options) - len(last) :] = [o for o in last if o.name not in _REPLACED]
        self.options += section.options
        self.sections.append(section)
        self.name = section.name
        self.type_options += section.all("type")
        self.roles = _roles(section.all("type"))
        self._index = None


_REPLACED = frozenset(("transport", "setvar", "auth"))
"""What a further section of a name starts anew."""

_MORE = re.compile(r"(?P<scheme>sips?:(?://)?)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]+))?", re.I)


def split_host(value: str) -> tuple[str, str] | None:
    """Host and port of a value that is more than an address or name, so that chan_sip finds no address for it; None
    where it is fit (main/dnsmgr.c:internal_dnsmgr_lookup forbids ports)."""
    found = _MORE.fullmatch(value)
    if found is None or not (found["scheme"] or found["port"]):
        return None
    return found["host"].strip("[]"), found["port"] or ""


def _roles(types: Iterable[Option]) -> str:
    """All type lines together: a friend is both, and nothing takes it back."""
    found = "".join(TYPES.get(option.value.lower(), "") for option in types)
    return "".join(role for role in "up" if role in found)


class Sip:
    """sip.conf, with the users of users.conf that have a SIP account."""

    def __init__(self, config: Config, users: Config | None, knowledge: SipKnowledge, tree: Tree) -> None:
        self.config = config
        self.tree = tree
        self.knowledge = knowledge
        self.general: Section | None = None
        """The first section [general] that is no template; later ones are not read (ast_variable_browse)."""
        self.unread: list[Section] = []
        """Sections [general] and [authentication] that the server does not look at."""
        self.authentication: Section | None = None
        """The first section [authentication]: credentials for calls that leave."""
        self.peers: dict[str, Peer] = {}
        """By name in lower case, as the container compares them."""
        self.skipped: list[Section] = []
        """Sections that become no peer: without type, or of an unknown one."""
        self.peer_sections: list[Section] = []
        """Every section that is meant as a peer, in order."""
        for section in config.sections:
            name = folded(section.name)
            if name in ("general", "authentication"):
                self._read_settings(name, section)
                continue
            if section.template:
                continue
            self.peer_sections.append(section)
            kind = section.first("type")
            if kind is None or kind.value.lower() not in TYPES:
                self.skipped.append(section)
                continue
            peer = self.peers.get(name)
            if peer is None:
                self.peers[name] = Peer(section)
            else:
                peer.merge(section)
        self.users = frozenset(_users(users)) if users is not None else frozenset[str]()
        """Accounts of users.conf with ``hassip=yes``, in lower case."""

    def _read_settings(self, name: str, section: Section) -> None:
        """A section that is no account: only the first of a name counts."""
        if section.template or (self.general if name == "general" else self.authentication) is not None:
            self.unread.append(section)
        elif name == "general":
            self.general = section
        else:
            self.authentication = section

    def setting(self, name: str, default: str = "") -> str:
        """The value of an option of [general]: the last line counts."""
        option = self.general_option(name)
        return default if option is None else option.value

    def general_option(self, name: str) -> Option | None:
        """The last line of an option (or another spelling of it) in [general]."""
        if self.general is None:
            return None
        found = (o for o in reversed(self.general.options) if ALIASES.get(o.name, o.name) == name)
        return next(found, None)

    def general_options(self, name: str) -> list[Option]:
        """Every line of an option in [general]."""
        return [] if self.general is None else self.general.all(name)

    @property
    def ignored_addresses(self) -> list[Option]:
        """permit, deny and acl in [general], where chan_sip does not know them (channels/chan_sip.c:reload_config)."""
        return [] if self.general is None else [o for o in self.general.options if o.name in SOURCE_SENSES]

    @property
    def hides_accounts(self) -> bool:
        """alwaysauthreject: unknown accounts are challenged like known ones (the default since 1.8)."""
        return is_true(self.setting("alwaysauthreject", "yes"))

    @property
    def listens_tcp(self) -> bool:
        """tcpenable: on by any line but one with a false-word, and off by none (channels/chan_sip.c:reload_config)."""
        return any(not is_false(option.value) for option in self.general_options("tcpenable"))

    @property
    def listens_tls(self) -> bool:
        """tlsenable: on with a true-word (main/tcptls.c:ast_tls_read_conf)."""
        return is_true(self.setting("tlsenable"))

    @property
    def admits_guests(self) -> bool:
        """allowguest: callers that no section matches are let in (the default)."""
        return is_true(self.setting("allowguest", "yes"))

    @cached_property
    def phones(self) -> list[Peer]:
        """Accounts that register."""
        return [peer for peer in self.peers.values() if peer.dynamic and peer.registers]

    @cached_property
    def registrations(self) -> list[Registration]:
        """The ``register`` lines."""
        return [read_registration(option) for option in self.general_options("register")]

    @cached_property
    def domains(self) -> frozenset[str]:
        """Hosts, in lower case, that a REGISTER may be for; empty: any. With autodomain also what the server is bound
        to and its own name, which is not known here (channels/chan_sip.c:reload_config)."""
        found = {option.value.partition(",")[0].strip().lower() for option in self.general_options("domain")}
        if is_true(self.setting("autodomain", "no")):
            found |= {self.setting(name).partition(":")[0].lower() for name in ("externaddr", "externhost")}
            found |= {self.setting("bindaddr").partition(":")[0]} - {"0.0.0.0", "::"}  # noqa: S104 - compared
            found.add("\0the server's host name")
        return frozenset(found - {""})

    def insecure(self, peer: Peer) -> frozenset[str]:
        """The words of a peer's ``insecure``, or of that in [general] (channels/chan_sip.c:handle_common_options)."""
        option = peer.get("insecure") or self.general_option("insecure")
        return insecure_words(option)

    def domain_option(self, host: str) -> Option | None:
        """The ``domain`` line that gives a host a context, for callers that have none of their own."""
        for option in self.general_options("domain"):
            name, _, context = option.value.partition(",")
            if name.strip().lower() == host.lower():
                return option if context.strip() else None
        return None

    def nat(self, peer: Peer | None) -> frozenset[str]:
        """Which ``nat`` flags hold for a peer: its own lines together, else those of [general]."""
        lines = [option.value for option in peer.options if option.name == "nat"] if peer is not None else []
        lines = lines or [option.value for option in self.general_options("nat")]
        return nat_flags(lines or [DEFAULT_NAT])

    @property
    def external(self) -> bool:
        """May peers exist that no file here shows?"""
        return self.config.incomplete or "sip:peer" in self.tree.realtime

    def transports(self, peer: Peer | None) -> list[str]:
        """Transports that may be used to register: the peer's own list, else the general one, else UDP.

        channels/chan_sip.c:build_peer compares the beginnings of the comma-separated items; a listener that is off
        takes its transport from the list, and if nothing is left the general list applies.
        """
        own = peer.get("transport") if peer is not None else None
        general = self._usable(self.setting("transport")) or ["udp"]
        return (self._usable(own.value) if own is not None else []) or general

    def _usable(self, value: str) -> list[str]:
        usable = {"udp": True, "tcp": self.listens_tcp, "tls": self.listens_tls, "wss": True, "ws": True}
        found = []
        for item in value.split(","):
            for name in ("udp", "tcp", "tls", "wss", "ws"):
                if item.strip().lower().startswith(name):
                    if usable[name]:
                        found.append(name)
                    break
        return found

    def access_lists(self) -> Iterator[AccessList]:
        """The address lists of all peers, and of [general] for Contact addresses."""
        for peer in self.peers.values():
            options = [option for option in peer.options if option.name in _ADDRESS_OPTIONS]
            if not options:
                continue
            for purpose, senses in _SENSES:
                found = read_list("peer", purpose, peer.name, peer.section, options, senses, peer)
                if found is not None:
                    yield found
        general = self.general
        if general is not None:
            found = read_list("section", "contact", general.name, general, general.options, CONTACT_SENSES)
            if found is not None:
                yield found

    @property
    def families(self) -> frozenset[int]:
        """4 and 6 as the server is reachable by IPv4 and IPv6; ``::`` is both (channels/chan_sip.c:reload_config)."""
        options = [self.general_option(name) for name in ("bindaddr", "tcpbindaddr", "tlsbindaddr")]
        binds = [option.value for option in options if option is not None] or ["0.0.0.0"]  # noqa: S104 - the default
        return frozenset(family for bind in binds for family in bound_families(bind))


def _users(config: Config) -> Iterator[str]:
    """channels/chan_sip.c:reload_config reads users.conf before sip.conf."""
    general = next((s for s in config.sections if folded(s.name) == "general" and not s.template), None)
    everybody = general.last("hassip") if general is not None else None
    for section in config.sections:
        if section.template or folded(section.name) in ("general", "authentication"):
            continue
        own = section.last("hassip") or everybody
        if own is not None and is_true(own.value):
            yield folded(section.name)


__all__ = ["ALIASES", "FALSE_WORDS", "TYPES", "Peer", "Sip"]
