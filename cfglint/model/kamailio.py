"""A Kamailio configuration as the server holds it after parsing: modules, parameters, routes, calls."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.knowledge import kamailio as knowledge
from cfglint.knowledge.versions import KAMAILIO, Targets
from cfglint.resolve.kamailio.config import CONFIG_DIRECTORY, Config, load
from cfglint.resolve.kamailio.problems import TOO_MANY_FILES
from cfglint.source import Place
from cfglint.syntax.kamailio.nodes import Call, File, LoadModule, ModuleParameter, Route, String, walk


class Loaded(NamedTuple):
    """A ``loadmodule`` line that counts: the module's name without path and ``.so``."""

    name: str
    node: LoadModule


class Setting(NamedTuple):
    """A ``modparam`` line; `module` is the pattern as written, None where no plain string stands there."""

    module: str | None
    name: str | None
    node: ModuleParameter


class Located(NamedTuple):
    """A call and the route it stands in."""

    call: Call
    route: Route


class Kamailio:
    """What the checks of Kamailio's family look at."""

    def __init__(self, config: Config, targets: Targets) -> None:
        self.config = config
        versions = [targets.kamailio[:2]] if targets.kamailio else list(KAMAILIO)
        self.releases = frozenset(".".join(map(str, version)) for version in versions)
        """The releases in question, as the knowledge names them."""

    @property
    def file(self) -> File:
        """The tree of the live text."""
        return self.config.file

    @cached_property
    def modules(self) -> list[Loaded]:
        """The modules that are loaded, in order."""
        return [
            Loaded(knowledge.module_name(item.module.value), item)
            for item in self.file.items
            if isinstance(item, LoadModule) and isinstance(item.module, String)
        ]

    @cached_property
    def settings(self) -> list[Setting]:
        """The module parameters that are set, in order."""
        return [
            Setting(_text(item.module), _text(item.name), item)
            for item in self.file.items
            if isinstance(item, ModuleParameter)
        ]

    @cached_property
    def routes(self) -> list[Route]:
        """All routing blocks, in order."""
        return [item for item in self.file.items if isinstance(item, Route)]

    @cached_property
    def calls(self) -> list[Located]:
        """Every call of a function or command, with its route."""
        return [Located(node, route) for route in self.routes for node in walk([route]) if isinstance(node, Call)]


def _text(token: object) -> str | None:
    return token.value if isinstance(token, String) else None


class KamailioTree:
    """One kamailio.cfg and what it includes. Raises `UnreadableInput` when the root cannot be read."""

    language = "kamailio"
    check_families = ("kamailio",)

    def __init__(self, path: str, files: Files, targets: Targets, *, installed_at: str | None = None) -> None:
        version = targets.kamailio
        target = (version[0], version[1]) if version is not None else None
        self.targets = targets
        self.roots = {path: load(path, files, target, installed_at or CONFIG_DIRECTORY)}
        self.failures: list[UnreadableInput] = []

    @property
    def configs(self) -> list[Config]:
        """The configuration."""
        return list(self.roots.values())

    @cached_property
    def kamailio(self) -> Kamailio:
        """The typed view of it."""
        return Kamailio(self.configs[0], self.targets)

    def subjects(self, family: str) -> list[Kamailio]:
        """What the checks of a family look at."""
        return [self.kamailio] if family == "kamailio" and self.roots else []

    def leave_out(self, path: str) -> None:
        """Judge a root no longer; to be called before anything else is asked for."""
        del self.roots[path]

    def limits(self) -> Iterator[tuple[Place, str]]:
        """Where reading stopped, and why."""
        for config in self.configs:
            for problem in config.problems:
                if problem.kind == TOO_MANY_FILES:
                    text = "more files are included than cfglint follows; not everything was checked"
                    yield problem.place, text
