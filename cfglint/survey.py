"""Which trees of an estate have to do with each other, and where in the order of paths their findings can stand: told
from names alone, before anything is parsed, so that what is found in some can be shown while others are judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Sequence

from cfglint.affected import mentioned
from cfglint.discover import Root
from cfglint.files import Files
from cfglint.namedtuples import NamedTuple
from cfglint.templating.detection import is_named_template
from cfglint.trees import Group


class Cluster(NamedTuple):
    """Trees that may read a file in common; no other tree reads any of theirs."""

    trees: list[int]
    """Their numbers, ascending."""
    bound: str
    """The path of no file of theirs, as it is shown, sorts before this."""


class _Reach(NamedTuple):
    """How far a tree may read."""

    files: set[Hashable]
    bound: str
    template_folder: str | None
    """The directory below which all templates are rendered with it."""


def clusters(found: Sequence[Group], anew: Callable[[], Files], installed_at: str | None) -> list[Cluster]:
    """All trees, by number, in clusters ordered by their bounds. `anew` gives files of which none has been read;
    `installed_at`: see `Request`."""
    reaches: list[_Reach] = []
    for group in found:
        reach = _reach(group, anew(), installed_at)
        if reach is None:  # it may read whatever others do
            return [Cluster(list(range(len(found))), "")]
        reaches.append(reach)
    leaders = list(range(len(found)))

    def leader(number: int) -> int:
        while leaders[number] != number:
            leaders[number] = number = leaders[leaders[number]]
        return number

    for one, other in _relations(found, reaches, anew()):
        one, other = sorted((leader(one), leader(other)))
        leaders[other] = one
    together: dict[int, list[int]] = {}
    for number in range(len(found)):
        together.setdefault(leader(number), []).append(number)
    return sorted(
        (Cluster(numbers, min(reaches[number].bound for number in numbers)) for numbers in together.values()),
        key=lambda cluster: (cluster.bound, cluster.trees),
    )


def _reach(group: Group, files: Files, installed_at: str | None) -> _Reach | None:
    """How far a tree may read; None where that cannot be told."""
    paths, is_unclear = mentioned([Root(path, group.language) for path in group.paths], files, installed_at)
    if is_unclear:
        return None
    folder = os.path.dirname(group.paths[0])
    names = files.names(folder)
    beside = (os.path.join(folder, name) for name in names)
    near = [*paths, *(path for path in beside if files.is_regular(path))]
    shown = [files.shown(path) for path in near]
    is_templated = any(map(is_named_template, names))
    if is_templated:
        shown.append(files.shown(os.path.join(folder, "x"))[:-1])
    return _Reach({files.identity(path) for path in near}, min(shown), files.real(folder) if is_templated else None)


def _relations(found: Sequence[Group], reaches: list[_Reach], files: Files) -> Iterator[tuple[int, int]]:
    """Pairs of trees that may read the same file."""
    readers: dict[Hashable, int] = {}
    folders = {reach.template_folder: number for number, reach in enumerate(reaches) if reach.template_folder}
    for number, reach in enumerate(reaches):
        for file in reach.files:
            yield number, readers.setdefault(file, number)
        if folders:
            above = files.real(os.path.dirname(found[number].paths[0]))
            while above != os.path.dirname(above):
                if above in folders:
                    yield number, folders[above]
                above = os.path.dirname(above)
