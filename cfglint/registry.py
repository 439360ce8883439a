"""Finds the checks of the families in use, rejects double ids, and selects.

A check's id is its family and file name: ``checks/pjsip/aor_max_contacts_zero.py`` is ``pjsip-aor-max-contacts-zero``.
Checks are imported by name only, never statically, so that adding a file is the whole registration.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from cfglint.check import Check, Example
from cfglint.errors import CfglintError, UsageProblem
from cfglint.knowledge.names import nearest
from cfglint.namedtuples import NamedTuple
from cfglint.notices import NOTICES

FAMILIES = ("conf", "acl", "sip", "pjsip", "kamailio")


class Registered(NamedTuple):
    """A check with its id and the module that holds its documentation and examples."""

    id: str
    family: str
    check: Check
    module: ModuleType

    @property
    def documentation(self) -> str:
        """The module's docstring."""
        return self.module.__doc__ or ""

    @property
    def summary(self) -> str:
        """Its first line."""
        return self.documentation.partition("\n")[0].rstrip(".")

    @property
    def examples(self) -> tuple[Example, ...]:
        """The configurations that show it."""
        return tuple(self.module.EXAMPLES)


@lru_cache(maxsize=len(FAMILIES))
def family(name: str) -> tuple[Registered, ...]:
    """The checks of a family, by id."""
    try:
        package = import_module(f"cfglint.checks.{name}")
    except ModuleNotFoundError as error:
        if error.name != "cfglint.checks":
            return ()
        raise CfglintError(
            "the checks are not importable from here: this looks like cfglint's own source tree;"
            " run 'pip install -e .' in it, or start cfglint from another directory"
        ) from error
    found = []
    for stem in sorted(_modules(package)):
        module = import_module(f"{package.__name__}.{stem}")
        check = getattr(module, "CHECK", None)
        if isinstance(check, Check):
            found.append(Registered(f"{name}-{stem.replace('_', '-')}", name, check, module))
    return tuple(found)


def _modules(package: ModuleType) -> set[str]:
    """Names of a package's modules; listing its folder is much quicker than pkgutil, which serves zip archives."""
    folder = package.__path__[0]
    if os.path.isdir(folder):
        names = {name.partition(".")[0] for name in os.listdir(folder) if name.endswith((".py", ".pyc"))}
    else:
        from pkgutil import iter_modules

        names = {module.name for module in iter_modules(package.__path__)}
    return {name for name in names if not name.startswith("_")}


def every() -> list[Registered]:
    """All checks of all families, by id."""
    checks = [check for name in FAMILIES for check in family(name)]
    ids = [check.id for check in checks]
    doubles = sorted({i for i in ids if ids.count(i) > 1})
    if doubles:
        raise CfglintError(f"two checks have the id {doubles[0]}; please report this as a bug")
    return sorted(checks, key=lambda check: check.id)


MAX_SUGGESTIONS = 5
"""More names than these are no help."""


def unknown(name: str, known: Iterable[str]) -> UsageProblem:
    """Says that there is no such check, and which was probably meant: a slip of the pen, or some of an id's words."""
    ids = list(known)
    close = nearest(name, ids)
    words = set(name.lower().replace("_", "-").split("-"))
    meant = [close] if close else [other for other in ids if words <= set(other.split("-"))]
    if not 0 < len(meant) <= MAX_SUGGESTIONS:
        return UsageProblem(f"there is no check {name!r}; 'cfglint rules' lists them")
    return UsageProblem(f"there is no check {name!r}; did you mean {' or '.join(meant)}?")


def ids() -> list[str]:
    """The ids of everything that can be found: all checks, and what cfglint itself has to say."""
    return [*(check.id for check in every()), *(notice.id for notice in NOTICES)]


class Selection(NamedTuple):
    """Which checks are wanted: ids, or beginnings of ids such as ``pjsip`` and ``acl-named``; ``all`` for every one.

    An empty `select` means all. `ignore` takes away.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, check: str) -> bool:
        """Is a check wanted?"""
        wanted = not self.select or any(covers(pattern, check) for pattern in self.select)
        return wanted and not any(covers(pattern, check) for pattern in self.ignore)

    def verify(self, known: Iterable[str]) -> None:
        """Every pattern must mean some check; raises `UsageProblem`."""
        names = list(known)
        for pattern in (*self.select, *self.ignore):
            verify(pattern, names)


def verify(pattern: str, known: Collection[str]) -> None:
    """A pattern must mean some check; raises `UsageProblem`."""
    if not any(covers(pattern, check) for check in known):
        raise unknown(pattern, known)


def covers(pattern: str, check: str) -> bool:
    """Does a pattern, an id or the beginning of one, mean a check?"""
    pattern = pattern.rstrip("*").rstrip("-")
    return pattern in ("", "all", check) or check.startswith(pattern + "-")
