"""One object of pjsip.conf and its options: which of them counts, and lists in their values."""

from __future__ import annotations

import re
from functools import lru_cache

from cfglint.model.values import is_true, number
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option, Section
from cfglint.source import Place

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


IDENTIFIERS = ("ip", "header", "request_uri", "username", "auth_username", "anonymous")
"""The identifiers in the order their modules load, which is how those follow that the order does not list: that for
anonymous callers has no early place among the modules (recorded: 16.28 and 22.10 with ``autoload=yes``)."""

DEFAULT_ORDER = "ip,username,anonymous"


def identify_by(endpoint: Object) -> tuple[str, ...]:
    """How an endpoint lets itself be found; the modules for addresses and headers do not ask."""
    return _methods(endpoint.value("identify_by", "username,ip"))


@lru_cache(maxsize=64)
def _methods(value: str) -> tuple[str, ...]:
    return tuple(item.strip().lower() for item in value.split(",") if item.strip())


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
