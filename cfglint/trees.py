"""Roots to trees of configuration: what one server reads together, in either language."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from cfglint.discover import Root
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.findings import Failure
from cfglint.knowledge.versions import Targets
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


def trees(
    roots: list[Root],
    files: Files,
    targets: Targets,
    installed_at: str | None,
    failures: list[Failure],
    database: str | None = None,
    defines: Mapping[str, str | None] | None = None,
) -> list[Tree]:
    """The trees that the roots make up: for Asterisk one per directory, for Kamailio one per root.

    What cannot be read is noted among the failures. `installed_at` is the server's own configuration directory where it
    is another than usual; `database` is the URL of the one that Kamailio's modules read, `defines` are the names that
    its command line defines.
    """
    readable, by_directory = [], dict[str, list[str]]()
    for root in roots:
        try:
            files.read(root.path)
        except UnreadableInput as error:
            failures.append(Failure(error.path, None, error.reason))
            continue
        readable.append(root)
        if root.language == "asterisk":
            by_directory.setdefault(os.path.dirname(os.path.abspath(root.path)), []).append(root.path)
    found: list[Any] = []
    if by_directory:
        from cfglint.model.asterisk import Tree

        found += [Tree(paths, files, targets, installed_at=installed_at) for paths in by_directory.values()]
    kamailio = [root.path for root in readable if root.language == "kamailio"]
    if kamailio:
        from cfglint.model.kamailio import KamailioTree

        found += [
            KamailioTree(path, files, targets, installed_at=installed_at, database=database, defines=defines)
            for path in kamailio
        ]
    if len(roots) > 1:
        _leave_out_included(found, {root.path for root in roots if not root.named})
    empty = (config.files[0] for tree in found for config in tree.roots.values())
    failures += [
        Failure(source.path, 1, "is empty: there is nothing to check")
        for source in empty
        if not source.text.strip("\ufeff")
    ]
    return [tree for tree in found if tree.roots]


def asterisk_trees(
    roots: list[Root], files: Files, targets: Targets, installed_at: str | None, failures: list[Failure]
) -> list[AsteriskTree]:
    """Those of Asterisk alone."""
    chosen = [root for root in roots if root.language == "asterisk"]
    found: Any = trees(chosen, files, targets, installed_at, failures)
    return list(found)


def _leave_out_included(found: list[Any], searched: set[str]) -> None:
    """A file that was only come across, and that another root includes, is no root; of two that include each other one
    stays. Nor is a part of a script that another would include if other names were defined."""
    for tree in found:
        for path, config in list(tree.roots.items()):
            others = (other for tree in found for other in tree.roots.values() if other is not config)
            if path in searched and any(config.files[0] in other.files for other in others):
                tree.leave_out(path)
    scripts = [tree for tree in found if tree.language == "kamailio"]
    dormant = {
        os.path.join(os.path.dirname(path), name)
        for tree in scripts
        for path, config in tree.roots.items()
        for name in config.dormant_includes()
    }
    for tree in scripts:
        for path in searched.intersection(tree.roots, dormant):
            if not tree.kamailio.routes_requests:
                tree.leave_out(path)
