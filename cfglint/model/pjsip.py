"""pjsip.conf as res_pjsip holds it: objects by type, what was dropped and why.

Follows res_sorcery_config.c:sorcery_config_internal_load and main/sorcery.c:ast_sorcery_objectset_apply.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.asterisk import PjsipKnowledge
from cfglint.knowledge.versions import Version
from cfglint.model.acl import AccessList, read_list
from cfglint.model.addresses import bound_families
from cfglint.model.credentials import unusable
from cfglint.model.identify import Match, matches, read_matches
from cfglint.model.values import invalid_reason, is_true, number
from cfglint.resolve.asterisk import Config, Option, Section, folded
from cfglint.source import Place, Source

if TYPE_CHECKING:
    from cfglint.model.asterisk import Tree

UNKNOWN_OPTION = "unknown-option"
NEWER = "newer"
"""An option or value that only later releases know; the detail names them."""
BAD_VALUE = "bad-value"
MISSING = "missing"
"""The detail is the option that has to be there."""
CONTRADICTION = "contradiction"
"""Two options that must go together, or must not; the detail says which."""

SENSES = {"permit": "permit", "deny": "deny", "acl": "acl"}
CONTACT_SENSES = {"contact_permit": "permit", "contact_deny": "deny", "contact_acl": "acl"}
ACL_OPTIONS = {**SENSES, **CONTACT_SENSES}
"""Options that make up address lists: name to permit, deny or acl."""

_FROM_USER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:")


LOST = {
    "endpoint": "its devices get 401 again and again",
    "aor": "a REGISTER for it gets 404",
    "auth": "every request of an endpoint that uses it gets 500",
    "identify": "calls from its addresses are not recognised and get 401",
    "registration": "Asterisk does not register there",
    "transport": "nothing listens there",
    "acl": "it blocks nobody",
    "global": "its settings do not apply",
    "system": "its settings do not apply",
}
"""What a missing object of a type means on the wire (recorded from running servers, 16 to 22)."""


class Drop(NamedTuple):
    """Why an object does not exist for the server: the first thing it stumbles over."""

    reason: str
    option: Option | None
    detail: str


class Shape:
    """The names of an object's options, shared by all objects that have the same ones in the same order: ten thousand
    endpoints have a handful of shapes."""

    __slots__ = ("judged", "last")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.last = {name: at for at, name in enumerate(names)}
        """Where the last option of a name stands: the one that counts."""
        self.judged: dict[str, tuple[int, ...]] = {}
        """Per type where the options stand whose values have to fit."""


class Object:
    """A section of pjsip.conf, or what a wizard makes of one of its own."""

    __slots__ = ("drop", "name", "options", "section", "shape", "type", "type_option", "wizard")

    def __init__(
        self,
        kind: str,
        name: str,
        section: Section,
        options: list[Option],
        type_option: Option | None,
        wizard: bool,
        shape: Shape,
    ) -> None:
        self.type = kind
        self.name = name
        self.section = section
        self.options = options
        self.type_option = type_option
        self.wizard = wizard
        """Made by a section of pjsip_wizard.conf."""
        self.drop: Drop | None = None
        self.shape = shape

    def __repr__(self) -> str:
        return f"Object({self.type} {self.name!r})"

    def get(self, name: str) -> Option | None:
        """The last option of a name: the one that counts."""
        at = self.shape.last.get(name)
        return None if at is None else self.options[at]

    def value(self, name: str, default: str = "") -> str:
        """The value that counts, or the default."""
        at = self.shape.last.get(name)
        return default if at is None else self.options[at].value

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes-or-no option: anything but a true-word is no."""
        option = self.get(name)
        return default if option is None else is_true(option.value)

    def integer(self, name: str, default: int) -> int:
        """A number; an unreadable one drops the object, so what is returned then does not matter."""
        option = self.get(name)
        return default if option is None else number(option.value) or 0

    def items(self, name: str) -> tuple[str, ...]:
        """The items of a comma-separated list, without blanks and empty ones; `names` tells their places, too."""
        value = self.value(name).strip()
        if "," not in value:
            return (value,) if value else ()
        return tuple([item for part in value.split(",") if (item := part.strip())])

    def all(self, name: str) -> list[Option]:
        """Every option of a name, in order."""
        return [option for option in self.options if option.name == name]

    @property
    def place(self) -> Place:
        """Its name in the header."""
        return self.section.name_place


IDENTIFIERS = ("anonymous", "ip", "header", "request_uri", "username", "auth_username")
"""The identifiers in the order their modules load, which is how those follow that the order does not list."""

DEFAULT_ORDER = "ip,username,anonymous"


def identify_by(endpoint: Object) -> tuple[str, ...]:
    """How an endpoint lets itself be found; the modules for addresses and headers do not ask."""
    return _methods(endpoint.value("identify_by") or "username,ip")


@lru_cache(maxsize=64)
def _methods(value: str) -> tuple[str, ...]:
    return tuple(item.strip().lower() for item in value.split(","))


def codecs(endpoint: Object) -> tuple[str, ...]:
    """The codecs that an endpoint's allow and disallow lines leave, ``all`` for all of them."""
    last = endpoint.shape.last
    if "allow" not in last and "disallow" not in last:
        return ()
    lines = [(line.name, line.value) for line in endpoint.options if line.name in ("allow", "disallow")]
    return _codecs(tuple(lines))


@lru_cache(maxsize=256)
def _codecs(lines: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The same for the names and values of the lines, of which ten thousand endpoints have a few combinations."""
    found: list[str] = []
    for option, value in lines:
        for item in re.split(r"[,|]", value.strip("()")):
            name = item.strip().lower().partition(":")[0]
            add = option == "allow"
            if name.startswith("!"):
                name, add = name[1:], not add
            if name == "all":
                found = ["all"] if add else []
            elif add:
                found.append(name)
            else:
                found = [codec for codec in found if codec != name]
    return tuple(found)


def encryption_demand(endpoint: Object) -> Option | None:
    """The line by which an endpoint refuses calls that are not encrypted, or have no feedback profile
    (res_pjsip_sdp_rtp.c:check_endpoint_media_transport)."""
    optimistic = endpoint.flag("media_encryption_optimistic")
    encryption = endpoint.get("media_encryption")
    if encryption is not None and encryption.value.lower() in ("sdes", "dtls") and not optimistic:
        return encryption
    for name in ("webrtc", "use_avpf"):
        option = endpoint.get(name)
        if option is not None and is_true(option.value):
            return option
    return None


def names(option: Option | None) -> list[tuple[str, Place]]:
    """The items of a comma-separated list with their places, blanks around them taken off, empty ones left out."""
    if option is None:
        return []
    if option.value and "," not in option.value and option.value.strip() == option.value:
        return [(option.value, option.value_place)]  # by far the most
    found, start = [], 0
    for item in option.value.split(","):
        name = item.strip()
        if name:
            at = start + len(item) - len(item.lstrip())
            found.append((name, option.part_place(at, at + len(name))))
        start += len(item) + 1
    return found


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
        self._checker = _Checker(knowledge)
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
        own = auth.value("supported_algorithms_uas")
        general = self.settings.value("default_auth_algorithms_uas") if self.settings else ""
        return tuple(item.strip() for item in (own or general or "MD5").split(",") if item.strip())

    def unusable(self, auth: Object, new_digest: bool) -> str | None:
        """Why a kind of release drops an auth, or None."""
        return unusable(auth, new_digest, self.algorithms(auth))

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


_SPECIAL = frozenset(("from_user", "timers_min_se"))
"""Options whose values have a rule of their own, see `_special`."""


class _Checker:
    """Finds what makes res_sorcery_config drop an object: the first unknown option or value that does not fit."""

    def __init__(self, knowledge: PjsipKnowledge) -> None:
        self._knowledge = knowledge
        self._verdicts: dict[tuple[str, str, str], Drop | None] = {}
        self._free = {
            kind: {name for name, variants in options.known.items() if _is_free(variants) and name not in _SPECIAL}
            for kind, options in knowledge.types.items()
        }

    def check(self, item: Object) -> Drop | None:
        """Why the object is dropped, or None."""
        kind, options, verdicts = item.type, item.options, self._verdicts
        judged = item.shape.judged.get(kind)
        if judged is None:
            free = self._free[kind]
            judged = tuple(at for at, option in enumerate(options) if option.name not in free)
            item.shape.judged[kind] = judged
        for at in judged:
            option = options[at]
            key = (kind, option.name, option.value)
            try:
                drop = verdicts[key]
            except KeyError:
                drop = verdicts[key] = self._judge(kind, option)
            if drop is not None:
                return drop._replace(option=option)
        return _check_whole(item)

    def _judge(self, kind: str, option: Option) -> Drop | None:
        variants = self._knowledge.types[kind].get(option.name)
        if variants is None:
            first = self._knowledge.newer.get((kind, option.name))
            return Drop(UNKNOWN_OPTION, option, "") if first is None else Drop(NEWER, option, first)
        version = self._knowledge.version
        for value, first in asterisk_changes.VALUES.get((kind, option.name), {}).items():
            named = value in (item.strip().lower() for item in option.value.split(","))
            if named and version is not None and asterisk_changes.predates(version, first):
                return Drop(NEWER, option, asterisk_changes.shown(first))
        reason = invalid_reason(variants, option.value) or _special(kind, option)
        return None if reason is None else Drop(BAD_VALUE, option, reason)


def _is_free(variants: list[dict[str, object]]) -> bool:
    """Does an option take any text at all?"""
    return any(v["type"] in ("string", "bool", "noop") for v in variants) and all(
        v["type"] in ("string", "bool", "noop", "path") for v in variants
    )


def _special(kind: str, option: Option) -> str | None:
    """Values with a rule of their own."""
    value = option.value
    if kind == "endpoint":
        if option.name == "from_user":
            # res_pjsip/pjsip_configuration.c:from_user_handler
            bad = next((c for c in value if c not in _FROM_USER), None)
            return None if bad is None else f"holds {bad!r}, which from_user does not take"
        if option.name == "timers_min_se" and (number(value) or 0) < 90:
            return "is below 90"
    if kind == "identify" and option.name == "match":
        return next((entry for entry in read_matches(option) if isinstance(entry, str)), None)
    if option.name in ACL_OPTIONS and kind in ("endpoint", "acl"):
        label = "endpoint" if kind == "endpoint" else "acl object"
        senses = CONTACT_SENSES if option.name in CONTACT_SENSES else SENSES
        purpose = "contact" if senses is CONTACT_SENSES else "source"
        found = read_list(label, purpose, "", option.home, [option], senses)
        if found is not None and found.faults:
            return f"has an entry that {found.faults[0].reason}"
    return None


def _check_whole(item: Object) -> Drop | None:
    """What an object must have (the apply handlers of its type)."""
    check = _WHOLE.get(item.type)
    return check(item) if check is not None else None


def _check_auth(item: Object) -> Drop | None:
    """res_pjsip/config_auth.c:auth_apply, all versions."""
    return None if item.value("username") else Drop(MISSING, item.get("username"), "username")


def _check_registration(item: Object) -> Drop | None:
    """res_pjsip_outbound_registration.c:sip_outbound_registration_apply."""
    for name in ("server_uri", "client_uri"):
        option = item.get(name)
        if option is None or not option.value:
            return Drop(MISSING, option, name)
        if not _SIP_URI.match(option.value):
            return Drop(BAD_VALUE, option, "does not begin with sip: or sips:")
    line, endpoint = item.flag("line"), item.get("endpoint")
    if line and not item.value("endpoint"):
        return Drop(CONTRADICTION, item.get("line"), "line=yes needs an endpoint")
    if endpoint is not None and endpoint.value and not line:
        return Drop(CONTRADICTION, endpoint, "endpoint needs line=yes")
    return None


def _check_identify(item: Object) -> Drop | None:
    """res_pjsip_endpoint_identifier_ip.c:ip_identify_apply."""
    if not item.value("endpoint"):
        return Drop(MISSING, item.get("endpoint"), "endpoint")
    if not any(item.value(name) for name in ("match", "match_header", "match_request_uri")):
        return Drop(MISSING, item.get("match"), "match")
    header = item.get("match_header")
    if header is not None and header.value and not header.value.partition(":")[1]:
        return Drop(BAD_VALUE, header, "has no ':' between the header's name and its value")
    return None


def _check_transport(item: Object) -> Drop | None:
    """res_pjsip/config_transport.c:transport_apply."""
    bound = item.value("bind") or item.value("protocol").lower() == "flow"
    return None if bound else Drop(MISSING, item.get("bind"), "bind")


def _check_lists(item: Object) -> Drop | None:
    """A named ACL that is there already, in any case, is an error (main/acl.c:ast_append_acl)."""
    for name in ("acl", "contact_acl"):
        if name not in item.shape.last:
            continue
        seen: set[str] = set()
        for option in item.all(name):
            for text in option.value.split(","):
                known = folded(text.lstrip())
                if known in seen:
                    return Drop(BAD_VALUE, option, f"names {text.strip()!r} twice")
                seen.add(known)
    return None


_SIP_URI = re.compile(r"(?:\"[^\"]*\"\s*)?<?\s*sips?:", re.IGNORECASE)

_WHOLE = {
    "acl": _check_lists,
    "endpoint": _check_lists,
    "auth": _check_auth,
    "registration": _check_registration,
    "identify": _check_identify,
    "transport": _check_transport,
}
