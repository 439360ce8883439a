"""What the modules of a Kamailio configuration bring: functions, parameters, pseudo-variables, transformations.

The server looks names up while it reads, so only the modules that are loaded further up count; what stands in strings
is looked up when everything is loaded. A module that cfglint does not know may bring anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from cfglint.knowledge import kamailio as knowledge
from cfglint.knowledge.kamailio import Module, core, holding, index, lacking
from cfglint.knowledge.kamailio_facts import OTHER, Signature, Transformation, Variable
from cfglint.knowledge.modparam import matcher
from cfglint.namedtuples import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cfglint.knowledge.kamailio import Fact
    from cfglint.knowledge.releases import Versions


class Export(NamedTuple):
    """A module that has a name, and its number in the order of loading."""

    position: int
    module: Module


class Elsewhere(NamedTuple):
    """Modules that have a name: those that are loaded further down, and those that are not loaded."""

    late: list[str]
    unloaded: list[str]


class Taken(NamedTuple):
    """What a function takes: the kind of each argument (see `cfglint.knowledge.kamailio_facts`), and whether the parser
    wants to know them all."""

    kinds: tuple[str, ...]
    constant: bool


UNKNOWN, COUNT, BLOCK = "unknown", "count", "block"
"""Why the parser refuses a call (src/core/cfg.y, rule cmd): there is no such function, it does not take so many
arguments, or it may not stand in such a block."""


class Exports:
    """What a list of modules, in the order of loading, has for the releases in question."""

    def __init__(self, names: Sequence[str], releases: Versions) -> None:
        self.names = names
        facts = [knowledge.module(name) for name in names]
        known = [None if module is None or module.versions.isdisjoint(releases) else module for module in facts]
        self.strangers = [at for at, module in enumerate(known) if module is None]
        """The numbers of the modules of which nothing is known for the releases in question."""
        self._positions = {name: at for at, name in reversed(list(enumerate(names)))}
        self.modules = [
            Export(at, module)
            for at, module in enumerate(known)
            if module is not None and self._positions[names[at]] == at  # a second line for a module does nothing
        ]
        shipped = releases.intersection(*(export.module.versions for export in self.modules))
        self.releases: Versions = shipped or releases
        """The releases in question that have all of the modules; all of them if there is none."""
        self._faults: dict[tuple[str, int, frozenset[str], int], str | None] = {}
        self._lacking: dict[tuple[str, int], bool] = {}
        self._taken: dict[tuple[str, int], Taken] = {}

    def has_stranger(self, before: int) -> bool:
        """Is one of the first `before` modules unknown?"""
        return bool(self.strangers) and self.strangers[0] < before

    # ------------------------------------------------------------------------------------------------------- functions

    @cached_property
    def functions(self) -> dict[str, list[Export]]:
        """The loaded modules that have a function, by its name."""
        return self._by_name((name, export) for export in self.modules for name in export.module.functions)

    def signatures(self, name: str, before: int) -> list[Signature]:
        """The ways to call a function that the first `before` modules bring."""
        found = self.functions.get(name, ())
        return [s for export in found if export.position < before for s in export.module.function(name)]

    def fault(self, name: str, count: int, block: frozenset[str], before: int) -> str | None:
        """Why every release refuses a call with so many arguments in a block with these flags; None if one takes it."""
        key = (name, count, block, before)
        if key not in self._faults:
            self._faults[key] = self._fault(*key)
        return self._faults[key]

    def _fault(self, name: str, count: int, block: frozenset[str], before: int) -> str | None:
        signatures = self.signatures(name, before)
        if not signatures and self.has_stranger(before):
            return None
        faults = []
        for release in self.releases:
            held = [s for s in signatures if release in s.versions]
            taking = [s for s in held if s.takes(count) and count <= core().max_arguments]
            if any(s.allowed(block) for s in taking):
                return None
            faults.append(BLOCK if taking else COUNT if held else UNKNOWN)
        return next(fault for fault in (BLOCK, COUNT, UNKNOWN) if fault in faults)

    def arguments(self, name: str, count: int) -> Taken:
        """What the arguments of a function are when it is called with so many: what all releases and all modules that
        have it agree on."""
        found = self._taken.get((name, count))
        if found is None:
            variants = []
            for export in self.functions.get(name, ()):
                having = self.releases.intersection(
                    release for s in export.module.function(name) if s.takes(count) for release in s.versions
                )
                held = holding(export.module.arguments(name, count), having)
                variants += [Taken((OTHER,) * count, False)] if lacking(held, having) else []
                variants += [Taken(tuple(map(facts.kind, range(count))), facts.constant) for facts in held]
            kinds = zip(*(variant.kinds for variant in variants), strict=True)
            found = Taken(
                tuple(same[0] if len(set(same)) == 1 else OTHER for same in kinds) or (OTHER,) * count,
                bool(variants) and all(variant.constant for variant in variants),
            )
            self._taken[name, count] = found
        return found

    # ------------------------------------------------------------------------------------------------------ parameters

    def named_by(self, pattern: str, before: int) -> list[Export] | None:
        """The modules, among the first `before`, that ``modparam`` means by its first argument; None where that cannot
        be told (src/core/modparam.c:set_mod_param_regex)."""
        test = matcher(pattern)
        if test is None or any(test(self.names[at]) for at in self.strangers if at < before):
            return None
        found = [export for export in self.modules if export.position < before and test(export.module.export)]
        return found if found or not self.has_stranger(before) or knowledge.module(pattern) else None

    # ----------------------------------------------------------------------------------------------- pseudo-variables

    @cached_property
    def variables(self) -> dict[str, list[Export]]:
        """The loaded modules that have a class of pseudo-variables, by its name."""
        return self._by_name((name, export) for export in self.modules for name in export.module.variables)

    def variable(self, name: str, before: int) -> list[Variable]:
        """The variants of a class of pseudo-variables in the core and the first `before` modules."""
        found = core().variable(name)
        for export in self.variables.get(name, ()):
            if export.position < before:
                found = [*found, *export.module.variable(name)]
        return found

    def lacks_variable(self, name: str, before: int) -> bool:
        """Does no release know a class of pseudo-variables, with the first `before` modules?"""
        found = self._lacking.get((name, before))
        if found is None:
            found = not self.has_stranger(before) and self._in_none(self.variable(name, before))
            self._lacking[name, before] = found
        return found

    def lacks_transformation(self, group: str, name: str, before: int) -> bool:
        """Does no release know a transformation, with the first `before` modules?"""
        return not self.has_stranger(before) and self._in_none(self.transformation(group, name, before))

    def _in_none(self, facts: Iterable[Fact]) -> bool:
        return lacking(facts, self.releases) == self.releases

    def transformation(self, group: str, name: str, before: int) -> list[Transformation]:
        """The variants of a transformation in the core and the first `before` modules."""
        return [
            found
            for found in core().transformation(group, name)
            if found.module == "core" or self._positions.get(found.module, before) < before
        ]

    # ----------------------------------------------------------------------------------------------------- elsewhere

    def elsewhere(self, section: str, name: str, before: int) -> Elsewhere:
        """Who has a name that the first `before` modules do not have."""
        known = {export.module.name: export.position for export in self.modules}
        exporters = index().exporters(section, name, self.releases)
        late = [module for module in exporters if known.get(module, -1) >= before]
        others = [module for module in exporters if module not in known]
        return Elsewhere(late, others)

    @staticmethod
    def _by_name(pairs: Iterable[tuple[str, Export]]) -> dict[str, list[Export]]:
        found: dict[str, list[Export]] = {}
        for name, export in pairs:
            found.setdefault(name, []).append(export)
        return found
