"""What is known of one thing of Kamailio: a parameter, a function, a pseudo-variable and so on.

Each of these objects holds for the releases in its `versions`; what differs between releases is several of them. They
are only read, never changed.
"""

from __future__ import annotations

from cfglint.knowledge.releases import Releases

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Callable
    from typing import Any, TypeVar

    from cfglint.knowledge.releases import Versions

    Entry = dict[str, Any]
    T = TypeVar("T")

RELEASES = Releases("5.4", "5.5", "5.6", "5.7", "5.8", "6.0", "6.1")
"""The releases that the data covers; each stands for the last version of its branch."""

ANY = "ANY"
"""Marks a function that every kind of route may call (ANY_ROUTE of src/core/route.h)."""

_REPLIES = ("TM_ONREPLY", "CORE_ONREPLY")


class Parameter:
    """A module's parameter, as ``modparam`` sets it (struct param_export of src/core/sr_module.h)."""

    __slots__ = (
        "condition",
        "default",
        "deprecated",
        "documented",
        "renamed_to",
        "setter",
        "type",
        "versions",
    )

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.type: str = entry["type"]
        """``int``, ``string`` or ``both``; a value of the other type ends the start (src/core/modparam.c)."""
        self.setter: bool = entry.get("func", False)
        """A function of the module reads the value: it has a syntax of its own, and mostly may be set repeatedly."""
        self.default: int | str | None = entry.get("default", entry.get("doc_default"))
        """Without the parameter; None if it is nothing, or not known."""
        self.deprecated: bool = entry.get("deprecated", False)
        self.documented: bool = not entry.get("undoc", False)
        self.renamed_to: str | None = entry.get("renamed_to")
        self.condition: str | None = entry.get("if")
        """It is only there in servers that were compiled with this condition of the C preprocessor."""

    def takes(self, kind: str) -> bool:
        """May a value of this kind, ``int`` or ``string``, be given?"""
        return self.type in (kind, "both")


class Signature:
    """A way to call a function of a module (cmd_export_t of src/core/sr_module.h)."""

    __slots__ = ("args", "condition", "documented", "routes", "shadowed", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.args: tuple[int, ...] | None = None if entry["args"] == "any" else tuple(entry["args"])
        """How many arguments it takes; None: any number up to the parser's limit."""
        self.routes = _flags(entry["routes"])
        """Flags of the blocks it may stand in; None: all. See `cfglint.knowledge.kamailio.Core.block_flags`."""
        shadowed = entry.get("shadowed")
        self.shadowed: Versions = RELEASES.parse(shadowed) if shadowed else frozenset()
        """Releases in which a word of the core's language takes the name away from the function."""
        self.documented: bool = not entry.get("undoc", False)
        self.condition: str | None = entry.get("if")
        """It is only there in servers that were compiled with this condition of the C preprocessor."""

    def takes(self, count: int) -> bool:
        """May it be called with so many arguments?"""
        return self.args is None or count in self.args

    def allowed(self, block: frozenset[str]) -> bool:
        """May it be called in a block with these flags?"""
        return self.routes is None or not self.routes.isdisjoint(block)


class Arguments:
    """What the arguments of a function are when it is called with `count` of them (None: with any number).

    The fixup function of an export (cmd_export_t) decides that; it is run for each call in the script when the server
    starts, but not by kamailio -c. What each takes was tried with a real server.
    """

    __slots__ = ("_kinds", "constant", "count", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.count: int | None = entry.get("count")
        self._kinds: str = entry.get("kinds", "")
        self.constant: bool = entry.get("constant", False)
        """They may not hold a pseudo-variable outside of a string, for the parser wants to know them."""

    def kind(self, position: int) -> str:
        """What stands at a position, from 0 on: `FORMAT`, `NUMBER`, `INTEGER`, `REGEX`, or `OTHER`."""
        return self._kinds[position] if position < len(self._kinds) else OTHER


FORMAT, NUMBER, INTEGER, REGEX, OTHER = "fnir."
"""Kinds of arguments: a text in which pseudo-variables are replaced; a number, or a pseudo-variable that holds one; a
number; an extended regular expression; something else, or not known."""


class Variable:
    """A class of pseudo-variables: ``ru`` of ``$ru``, ``hdr`` of ``$hdr(To)[0]`` (pv_export_t of src/core/pvar.h)."""

    __slots__ = ("index", "inner", "settable", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.settable: bool = entry.get("set", False)
        """May stand on the left of an assignment."""
        self.inner: bool = entry.get("inner", False)
        """Takes a name in parentheses."""
        self.index: bool = entry.get("index", False)
        """Takes an index in brackets."""


class Dependency:
    """A module that another one needs, loaded before it.

    `need` is ``hard`` (the server does not start without it), ``documented`` (said to be required, but not seen to be),
    ``conditional`` (some parameter asks for it) or ``optional``.
    """

    __slots__ = ("measured", "name", "need", "versions")

    def __init__(self, name: str, entry: Entry, versions: Versions) -> None:
        self.name = name
        """The module, or ``@db``: some database driver, at default parameters."""
        self.versions = versions
        self.need: str = entry["need"]
        self.measured: bool = entry.get("measured", False)
        """A real server was started with and without it."""

    def met_by(self, module: str) -> bool:
        """Does this module satisfy it?"""
        return module.startswith("db_") if self.name == "@db" else module == self.name


class Setting:
    """A run-time setting, ``group.name = value`` (cfg_def_t of src/core/cfg/cfg.h)."""

    __slots__ = ("type", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.type: str = entry["type"]
        """``int`` or ``str``."""


class Existence:
    """Something of which only the releases that have it matter."""

    __slots__ = ("versions",)

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions


class Global:
    """A parameter of the core, ``name = value`` (rule assign_stm of src/core/cfg.y)."""

    __slots__ = ("alias_of", "kinds", "renamed_to", "value", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.value: str = entry["value"]
        """``int``, ``bool`` (a number, too: yes is 1), ``string``, ``id``, ``string|id``, or ``other``."""
        self.kinds: tuple[str, ...] = tuple(entry.get("kinds", ()))
        """With ``other``: what may stand there, in the tokens and rules of src/core/cfg.y."""
        self.alias_of: str | None = entry.get("alias_of")
        self.renamed_to: str | None = entry.get("renamed_to")


class Command:
    """A function of the core (rule cmd of src/core/cfg.y)."""

    __slots__ = ("alias_of", "args", "bare", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.args: tuple[int, ...] = tuple(entry["n"])
        """How many arguments it takes; empty: it takes no parentheses at all."""
        self.bare: bool = entry.get("noparen", False)
        """May stand without parentheses."""
        self.alias_of: str | None = entry.get("alias_of")


class Word:
    """A word that the lexer takes for a token of its own (src/core/cfg.lex); words of one token mean the same."""

    __slots__ = ("token", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.token: str = entry["token"]


class Transformation:
    """What ``{class.name,argument}`` behind a pseudo-variable is (tr_export_t of src/core/pvar.h)."""

    __slots__ = ("args", "broken", "module", "raw", "versions")

    def __init__(self, entry: Entry, versions: Versions) -> None:
        self.versions = versions
        self.module: str = entry["module"]
        """The module that brings it."""
        self.args: tuple[int, ...] | None = tuple(entry["args"]) if "args" in entry else None
        """How many arguments it takes; None: not known."""
        self.broken: bool = entry.get("broken", False)
        """The server takes it with no number of arguments at all."""
        self.raw: bool = entry.get("raw", False)
        """Its argument is free text, commas included."""


def _flags(text: str) -> frozenset[str] | None:
    if text == ANY:
        return None
    return frozenset(flag for word in text.split("|") for flag in (_REPLIES if word == "ONREPLY" else (word,)))


# ---------------------------------------------------------------------------------------------- from the data's entries


def lifetime(entry: Entry, parent: Versions) -> Versions:
    """The releases that an entry of the data holds for: all of its parent's, unless it says otherwise."""
    text = entry.get("versions")
    return RELEASES.parse(text) & parent if text else parent


def variants(entries: Entry, name: str, make: Callable[[Entry, Versions], T], parent: Versions) -> list[T]:
    """The facts under a name."""
    return [make(entry, lifetime(entry, parent)) for entry in entries.get(name, ())]


def event_route_facts(entries: Entry, name: str, parent: Versions) -> list[Existence]:
    """The facts under the name of an event route, and under the patterns that stand for it."""
    return [
        fact
        for known in entries
        if known == name or (known.endswith("*") and name.startswith(known[:-1]) and len(name) >= len(known))
        for fact in variants(entries, known, Existence, parent)
    ]
