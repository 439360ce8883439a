"""What the releases of Kamailio know: modules, parameters, functions, pseudo-variables, and the core's language.

The data lies beside this file: ``kamailio-modules/<name>.json``, ``kamailio-core.json``, and ``kamailio-index.json``,
which tells what modules export a name. Each is read when it is first asked for, so a run pays only for the modules of
its configuration.

A look-up answers with the variants of a thing in all releases, each with its `versions`; none means that no release
knows it. `holding` picks those of the releases one cares about, `lacking` tells which of these releases know none:

>>> variants = module("registrar").parameter("sock_mode")
>>> [variant.type for variant in holding(variants, {"5.6"})]
['int']
>>> sorted(lacking(variants, RELEASES.all))
['5.4']
"""

from __future__ import annotations

from functools import cache

from cfglint.knowledge.kamailio_facts import RELEASES as RELEASES
from cfglint.knowledge.kamailio_facts import (
    Arguments,
    Command,
    Dependency,
    Existence,
    Global,
    Parameter,
    Setting,
    Signature,
    Transformation,
    Variable,
    Word,
    event_route_facts,
    lifetime,
    variants,
)
from cfglint.knowledge.modparam import matcher
from cfglint.knowledge.storage import load

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing is slow to import, and start-up counts
    from collections.abc import Callable, Iterable, KeysView
    from typing import Protocol, TypeVar

    from cfglint.knowledge.kamailio_facts import Entry
    from cfglint.knowledge.releases import Versions

    class Fact(Protocol):
        """Anything that holds for some releases."""

        versions: Versions

    F = TypeVar("F", bound=Fact)
    T = TypeVar("T")


class Module:
    """A module, by the name of its directory and file. `module` makes it."""

    __slots__ = ("_entry", "name", "versions")

    def __init__(self, name: str, entry: Entry) -> None:
        self._entry = entry
        self.name = name
        self.versions = lifetime(entry, RELEASES.all)
        """The releases that ship it."""

    @property
    def export(self) -> str:
        """The name that ``modparam`` must match; it differs from the file's for a few."""
        return self._entry.get("export", self.name)  # type: ignore[no-any-return]

    @property
    def helper(self) -> bool:
        """Is it a library of another module, which no ``loadmodule`` names?"""
        return self._entry.get("helper", False)  # type: ignore[no-any-return]

    @property
    def renamed_to(self) -> str | None:
        """The module that took its place."""
        return self._entry.get("renamed_to")

    @property
    def dependencies(self) -> list[Dependency]:
        """The modules it needs."""
        needs = self._entry.get("dependencies", {})
        return [Dependency(name, entry, lifetime(entry, self.versions)) for name, entry in needs.items()]

    @property
    def required_parameters(self) -> tuple[str, ...]:
        """Parameters without which it does not start (its mod_init fails)."""
        return tuple(self._entry.get("required_parameters", ()))

    @property
    def required_event_routes(self) -> tuple[str, ...]:
        """Event routes without which it does not start."""
        return tuple(self._entry.get("required_event_routes", ()))

    @property
    def starts_alone(self) -> dict[str, bool]:
        """By full version: did a real server start with this module as its only one? Not all were tried."""
        return self._entry.get("starts_alone", {})  # type: ignore[no-any-return]

    @property
    def parameters(self) -> KeysView[str]:
        """Names of its parameters, in any release; so for the following."""
        return self._names("parameters")

    @property
    def functions(self) -> KeysView[str]:
        """Names of its functions."""
        return self._names("functions")

    @property
    def variables(self) -> KeysView[str]:
        """Its classes of pseudo-variables."""
        return self._names("variables")

    @property
    def event_routes(self) -> KeysView[str]:
        """The event routes it runs; one that ends in ``*`` stands for any name that begins so."""
        return self._names("event_routes")

    @property
    def settings(self) -> KeysView[str]:
        """Its run-time settings, as ``group.name``; the group is not always the module."""
        return self._names("settings")

    def parameter(self, name: str) -> list[Parameter]:
        """Variants of a parameter; no two of one release. Case matters (src/core/sr_module.c:find_param_export)."""
        return self._variants("parameters", name, Parameter)

    def function(self, name: str) -> list[Signature]:
        """The ways to call a function. Case matters."""
        return self._variants("functions", name, Signature)

    def arguments(self, name: str, count: int) -> list[Arguments]:
        """What is known of the arguments of a function that is called with so many."""
        return [found for found in self._variants("arguments", name, Arguments) if found.count in (count, None)]

    def variable(self, name: str) -> list[Variable]:
        """Variants of a class of pseudo-variables, named without the dollar. Case matters."""
        return self._variants("variables", name, Variable)

    def setting(self, name: str) -> list[Setting]:
        """Variants of a run-time setting ``group.name``."""
        return self._variants("settings", name, Setting)

    def event_route(self, name: str) -> list[Existence]:
        """Variants of an event route, or of the patterns that stand for it."""
        return event_route_facts(self._entry.get("event_routes", {}), name, self.versions)

    def _names(self, section: str) -> KeysView[str]:
        return self._entry.get(section, {}).keys()  # type: ignore[no-any-return]

    def _variants(self, section: str, name: str, make: Callable[[Entry, Versions], T]) -> list[T]:
        return variants(self._entry.get(section, {}), name, make, self.versions)


class Core:
    """The server without modules. `core` makes it."""

    __slots__ = ("_entry",)

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    @property
    def max_arguments(self) -> int:
        """A module's function takes no more arguments than that (src/core/cfg.y)."""
        return self._entry["limits"]["function_args_max"]  # type: ignore[no-any-return]

    def names(self, section: str) -> KeysView[str]:
        """All names of a section: ``globals functions keywords preprocessor variables transformations event_routes
        value_words settings route_types``."""
        return self._entry[section].keys()  # type: ignore[no-any-return]

    def global_parameter(self, name: str) -> list[Global]:
        """Variants of a parameter of the core; no two of one release."""
        return self._variants("globals", name, Global)

    def function(self, name: str) -> list[Command]:
        """Variants of a function of the core."""
        return self._variants("functions", name, Command)

    def keyword(self, name: str) -> list[Word]:
        """Variants of a word of the lexer; it can be no name for anything else. Case matters."""
        return self._variants("keywords", name, Word)

    def directive(self, name: str) -> list[Word]:
        """Variants of a word of the preprocessor, which stands behind ``#!`` or ``!!``."""
        return self._variants("preprocessor", name, Word)

    def variable(self, name: str) -> list[Variable]:
        """Variants of a class of pseudo-variables that needs no module."""
        return self._variants("variables", name, Variable)

    def setting(self, name: str) -> list[Setting]:
        """Variants of a run-time setting ``group.name`` of the core."""
        return self._variants("settings", name, Setting)

    def event_route(self, name: str) -> list[Existence]:
        """Variants of an event route that the core runs."""
        return event_route_facts(self._entry["event_routes"], name, RELEASES.all)

    def transformation(self, group: str, name: str) -> list[Transformation]:
        """Variants of ``{group.name}``. The case of `name` does not matter, that of `group` does."""
        return self._variants("transformations", f"{group}.{name.lower()}", Transformation)

    def number(self, word: str) -> list[Existence]:
        """Variants of a word that is a number: ``yes``, ``off``, ``inet`` and such."""
        return self._variants("value_words", word, Existence)

    def block_flags(self, keyword: str, name: str | None = None) -> frozenset[str]:
        """What `Signature.allowed` wants to know of a block: ``block_flags("onreply_route", "1")``.

        Any block that begins with ``route`` counts as a request's, whoever calls it. Raises KeyError for a word that
        begins no block.
        """
        kind = self._entry["route_types"][keyword]
        if "any_of" in kind:
            return frozenset(kind["any_of"])
        flag = kind["flag"]
        if name is None:
            flag = kind.get("unnamed_flag", flag)
        elif name == "0":
            flag = kind.get("name_0_flag", flag)
        return frozenset((flag,))

    def _variants(self, section: str, name: str, make: Callable[[Entry, Versions], T]) -> list[T]:
        return variants(self._entry[section], name, make, RELEASES.all)


class Index:
    """Which modules there are and what they export, for messages about what is not loaded. `index` makes it.

    A section is one of ``parameters functions variables event_routes settings``.
    """

    __slots__ = ("_entry",)

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def modules(self, targets: Versions) -> list[str]:
        """The modules that at least one of these releases ships and ``loadmodule`` may name."""
        entries = self._entry["modules"].items()
        return [n for n, e in entries if "helper" not in e and not targets.isdisjoint(lifetime(e, RELEASES.all))]

    def exporters(self, section: str, name: str, targets: Versions) -> list[str]:
        """The modules that export a name in at least one of these releases."""
        found = self._entry[section].get(name, {})
        return [
            module
            for module, text in found.items()
            if not targets.isdisjoint(RELEASES.parse(text) if text else RELEASES.all)
        ]

    def names(self, section: str, targets: Versions) -> list[str]:
        """All names of a section that some module exports in at least one of these releases."""
        return [name for name in self._entry[section] if self.exporters(section, name, targets)]

    def named_by(self, pattern: str, targets: Versions) -> list[str]:
        """The modules that ``modparam`` would set with this first argument, were they loaded."""
        test = matcher(pattern)
        entries = self._entry["modules"]
        return [n for n in self.modules(targets) if test(entries[n].get("export", n))] if test else []

    def renamed_from(self, name: str) -> list[str]:
        """The modules whose place a module took."""
        return [old for old, entry in self._entry["modules"].items() if entry.get("renamed_to") == name]


def module_name(argument: str) -> str:
    """The module that an argument of ``loadmodule`` means: with or without path and ``.so``
    (src/core/sr_module.c:ksr_locate_module)."""
    return argument.rpartition("/")[2].removesuffix(".so")


@cache
def module(name: str) -> Module | None:
    """The module of a name, such as ``registrar``; None if no release has it."""
    # The name may come from a configuration: nothing but a plain word may become part of a path.
    if not (name.isascii() and name.isidentifier() and name.islower() and len(name) < MAX_NAME):
        return None
    entry = load("kamailio-modules", name)
    return None if entry is None else Module(name, entry)


MAX_NAME = 64
"""No module's name comes near this length (in characters)."""


@cache
def core() -> Core:
    """What the core knows."""
    return Core(load("kamailio-core"))


@cache
def index() -> Index:
    """The reverse index."""
    return Index(load("kamailio-index"))


def matched(pattern: str, modules: Iterable[Module]) -> list[Module] | None:
    """Those of the loaded modules that the first argument of ``modparam`` means; None where cfglint cannot tell."""
    test = matcher(pattern)
    return None if test is None else [module for module in modules if test(module.export)]


def holding(facts: Iterable[F], targets: Versions | set[str]) -> list[F]:
    """The facts that hold in at least one of these releases."""
    return [fact for fact in facts if not fact.versions.isdisjoint(targets)]


def lacking(facts: Iterable[Fact], targets: Versions | set[str]) -> Versions:
    """Those of these releases in which none of the facts holds."""
    return frozenset(targets).difference(*(fact.versions for fact in facts))
