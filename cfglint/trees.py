"""Roots to trees of configuration: what one server reads together, in either language."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from cfglint.discover import Root
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.findings import Failure
from cfglint.knowledge.versions import Targets
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source

if TYPE_CHECKING:
    from cfglint.model.asterisk import Tree as AsteriskTree


class Configuration(Protocol):
    """A root and all it includes."""

    files: list[Source]
    """Every file read, the root first."""


class Tree(Protocol):
    """What one server reads together."""

    @property
    def language(self) -> str:
        """``asterisk`` or ``kamailio``."""

    @property
    def check_families(self) -> tuple[str, ...]:
        """The families of checks that have to do with it."""

    @property
    def roots(self) -> Mapping[str, Configuration]:
        """Path to the configuration that begins there."""

    @property
    def configs(self) -> Iterable[Configuration]:
        """What is judged."""

    failures: list[UnreadableInput]

    def subjects(self, family: str) -> Iterable[Any]:
        """What the checks of a family take."""

    def limits(self) -> Iterator[tuple[Place, str]]:
        """Where reading stopped, and why."""


class Group(NamedTuple):
    """Roots that one server reads together: for Asterisk those of a directory, for Kamailio each alone."""

    language: str
    paths: tuple[str, ...]


def groups(roots: list[Root], read: Callable[[str], object], failures: list[Failure]) -> list[Group]:
    """The roots as servers read them; those that cannot be read are noted among the failures."""
    by_directory: dict[str, list[str]] = {}
    kamailio = []
    for root in roots:
        try:
            read(root.path)
        except UnreadableInput as error:
            failures.append(Failure(error.path, None, error.reason))
            continue
        if root.language == "asterisk":
            by_directory.setdefault(os.path.dirname(os.path.abspath(root.path)), []).append(root.path)
        else:
            kamailio.append(Group("kamailio", (root.path,)))
    return [*(Group("asterisk", tuple(paths)) for paths in by_directory.values()), *kamailio]


def tree_of(
    group: Group,
    files: Files,
    targets: Targets,
    installed_at: str | None,
    database: str | None = None,
    defines: Mapping[str, str | None] | None = None,
) -> Tree:
    """The tree of a group. `installed_at` is the server's own configuration directory where it is another than usual;
    `database` is the URL of the one that Kamailio's modules read, `defines` are the names that its command line
    defines."""
    found: Any
    if group.language == "asterisk":
        from cfglint.model.asterisk import Tree

        found = Tree(list(group.paths), files, targets, installed_at=installed_at)
    else:
        from cfglint.model.kamailio import KamailioTree

        found = KamailioTree(
            group.paths[0], files, targets, installed_at=installed_at, database=database, defines=defines
        )
    tree: Tree = found
    return tree


def trees(
    roots: list[Root],
    files: Files,
    targets: Targets,
    installed_at: str | None,
    failures: list[Failure],
    database: str | None = None,
    defines: Mapping[str, str | None] | None = None,
) -> list[Tree]:
    """The trees that the roots make up; what cannot be read is noted among the failures. See `tree_of`."""
    found: list[Any] = [
        tree_of(group, files, targets, installed_at, database, defines) for group in groups(roots, files.read, failures)
    ]
    if len(roots) > 1:
        read = list(map(reading, found))
        whole = included(read, roots, lambda number: bool(found[number].kamailio.routes_requests))
        for tree, paths in zip(found, whole, strict=True):
            for path in paths:
                tree.leave_out(path)
    failures += empty(config.files[0] for tree in found for config in tree.roots.values())
    return [tree for tree in found if tree.roots]


def empty(firsts: Iterable[Source]) -> list[Failure]:
    """A failure for each root in which nothing stands."""
    return [
        Failure(source.path, 1, "is empty: there is nothing to check")
        for source in firsts
        if not source.text.strip("\ufeff")
    ]


def asterisk_trees(
    roots: list[Root], files: Files, targets: Targets, installed_at: str | None, failures: list[Failure]
) -> list[AsteriskTree]:
    """Those of Asterisk alone."""
    chosen = [root for root in roots if root.language == "asterisk"]
    found: Any = trees(chosen, files, targets, installed_at, failures)
    return list(found)


class Reading(NamedTuple):
    """What tells whether a root is one."""

    files: list[Source]
    """Every file read, the root first."""
    dormant: list[str] = []  # noqa: RUF012 - never changed
    """The paths of what it would include if other names were defined."""


def reading(tree: Any) -> dict[str, Reading]:
    """The readings of a tree's roots, by path."""
    if tree.language == "asterisk":
        return {path: Reading(config.files) for path, config in tree.roots.items()}
    return {
        path: Reading(
            config.files, sorted(os.path.join(os.path.dirname(path), name) for name in config.dormant_includes())
        )
        for path, config in tree.roots.items()
    }


def included(
    read: list[dict[str, Reading]], roots: list[Root], routes_requests: Callable[[int], bool]
) -> list[list[str]]:
    """Which roots of each tree are none: a file that was only come across, and that another root includes, is no root;
    of two that include each other one stays. Nor is a part of a script that another would include if other names were
    defined; `routes_requests` tells of a tree's number whether it is a whole one."""
    searched = {root.path for root in roots if not root.named}
    readers = Counter(source for tree in read for one in tree.values() for source in dict.fromkeys(one.files))
    found = [[path for path, one in tree.items() if path in searched and _release(one.files, readers)] for tree in read]
    left = [
        {path: one for path, one in tree.items() if path not in paths} for tree, paths in zip(read, found, strict=True)
    ]
    dormant = searched.intersection(path for tree in left for one in tree.values() for path in one.dormant)
    for number, tree in enumerate(left) if dormant else ():
        found[number] += [path for path in tree if path in dormant and not routes_requests(number)]
    return found


def _release(files: list[Source], readers: Counter[Source]) -> bool:
    """Does another root read the first of these files? Then their own root does not count any more."""
    if readers[files[0]] < 2:
        return False
    readers.subtract(dict.fromkeys(files, 1))
    return True
