"""A Kamailio configuration as the server holds it after parsing: modules, parameters, routes, calls.

`Kamailio.releases` are the releases in question. A check that misses something asks `Kamailio.whole` first.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from cfglint.data.sources import Data
from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.knowledge import kamailio as knowledge
from cfglint.knowledge.kamailio import Module
from cfglint.knowledge.kamailio_facts import FORMAT
from cfglint.knowledge.versions import KAMAILIO, Targets
from cfglint.model.kamailio.conditions import Comparison, Condition, comparisons, terms
from cfglint.model.kamailio.exports import Exports
from cfglint.model.kamailio.graph import MAIN, Graph
from cfglint.model.kamailio.parameters import Parameters, Setting
from cfglint.model.kamailio.script import Located, inside
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.kamailio.config import CONFIG_DIRECTORY, Config, load
from cfglint.resolve.kamailio.problems import SYNTAX, TOO_MANY_FILES
from cfglint.source import Place
from cfglint.syntax.kamailio.items import File, LoadModule, ModuleParameter, PathSetting, Route
from cfglint.syntax.kamailio.nodes import Branch, Call, CoreTest, Expression, Node, String, Token, While, walk


class Loaded(NamedTuple):
    """A ``loadmodule`` line that counts: the module's name without path and ``.so``."""

    name: str
    node: LoadModule

    @property
    def facts(self) -> Module | None:
        """What is known of it; None for a module that cfglint does not know, which may export anything."""
        return knowledge.module(self.name)


class Kamailio:
    """What the checks of Kamailio's family look at. Each view is made when it is first asked for."""

    def __init__(
        self, config: Config, targets: Targets, data: Data | None = None, tree: KamailioTree | None = None
    ) -> None:
        self.config = config
        self.data = data
        """What the server reads beside the configuration; None where nothing of it is at hand."""
        self.tree = tree
        """What it was read from, to be read anew with changes."""
        self.shared: dict[type, Any] = {}
        """What others have made of it, by kind, and share as long as it lives."""
        versions = [targets.kamailio[:2]] if targets.kamailio else list(KAMAILIO)
        self.releases = frozenset(".".join(map(str, version)) for version in versions)
        """The releases in question, as the knowledge names them."""

    @property
    def file(self) -> File:
        """The tree of the live text."""
        return self.config.file

    @cached_property
    def whole(self) -> bool:
        """Was all of it read and understood? Otherwise what seems to be missing may be there."""
        return not self.config.incomplete and all(problem.kind != SYNTAX for problem in self.config.problems)

    # ------------------------------------------------------------------------------------------------------- top level

    @cached_property
    def modules(self) -> list[Loaded]:
        """The modules that are loaded, in order."""
        return [
            Loaded(knowledge.module_name(item.module.value), item)
            for item in self.file.items
            if isinstance(item, LoadModule) and isinstance(item.module, String)
        ]

    @cached_property
    def loaded(self) -> dict[str, Loaded]:
        """The modules by name; the first line where one is loaded twice."""
        return {module.name: module for module in reversed(self.modules)}

    @cached_property
    def settings(self) -> list[Setting]:
        """The module parameters that are set, in order."""
        return [
            Setting(_text(item.module), _text(item.name), item)
            for item in self.file.items
            if isinstance(item, ModuleParameter)
        ]

    @cached_property
    def parameters(self) -> Parameters:
        """The same, to be asked by module and name."""
        return Parameters(self.settings)

    @cached_property
    def exports(self) -> Exports:
        """What the modules bring."""
        return Exports([module.name for module in self.modules], self.releases)

    def modules_of(self, setting: Setting) -> list[Module] | None:
        """The modules that a parameter is set for; None where that cannot be told."""
        if setting.module is None:
            return None
        found = self.exports.named_by(setting.module, self.modules_before(setting.node))
        return None if found is None else [export.module for export in found]

    def modules_before(self, item: Node) -> int:
        """How many of `modules` are loaded in front of an item of the top level: a route, a ``modparam``."""
        return self._modules_before[item]

    @cached_property
    def _modules_before(self) -> dict[Node, int]:
        counts: dict[Node, int] = {}
        count = 0
        for item in self.file.items:
            counts[item] = count
            count += isinstance(item, LoadModule) and isinstance(item.module, String)
        return counts

    @cached_property
    def engine(self) -> PathSetting | None:
        """The ``cfgengine`` line that names another language, if there is one (src/core/kemi.c:sr_kemi_eng_set). Its
        script gets the requests unless there is a request_route (src/core/receive.c:receive_msg; so does 5.6.3)."""
        for item in reversed(self.file.items):
            if isinstance(item, PathSetting) and item.word.text == "cfgengine" and _engine(item) not in _NATIVE:
                return item
        return None

    # ---------------------------------------------------------------------------------------------------------- routes

    @cached_property
    def routes(self) -> list[Route]:
        """All routing blocks, in order."""
        return [item for item in self.file.items if isinstance(item, Route)]

    @cached_property
    def named_routes(self) -> dict[tuple[str, str | None], list[Route]]:
        """The routing blocks by kind and name: one where there is a name, else those that the server joins to one."""
        found: dict[tuple[str, str | None], list[Route]] = {}
        for route in self.routes:
            found.setdefault((route.kind, route.name), []).append(route)
        return found

    @property
    def routes_requests(self) -> bool:
        """Does it say what becomes of requests, itself or by the script of another language?"""
        return (MAIN, None) in self.named_routes or self.engine is not None

    @cached_property
    def graph(self) -> Graph:
        """Which routes call which, and from what kinds of blocks each is reached."""
        return Graph(self.named_routes, self.calls_of("route"))

    # --------------------------------------------------------------------------------------------------- inside of them

    @cached_property
    def _nodes(self) -> dict[type, list[Located]]:
        found: defaultdict[type, list[Located]] = defaultdict(list)
        make = tuple.__new__
        for route in self.routes:
            for node in walk([route.block]):
                found[type(node)].append(make(Located, (node, route)))
        return dict(found)

    def nodes(self, kind: type) -> list[Located]:
        """All nodes, or leaves, of exactly this type in the routes, in the order of the text."""
        return self._nodes.get(kind, [])

    @property
    def calls(self) -> list[Located]:
        """Every call of a function or command, with its route."""
        return self.nodes(Call)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[Located]]:
        found: dict[str, list[Located]] = {}
        for located in self.calls:
            found.setdefault(located.call.name, []).append(located)
        return found

    @cached_property
    def conditions(self) -> list[Condition]:
        """The conditions of ``if`` and ``while``, taken apart."""
        found = (*self.nodes(Branch), *self.nodes(While))
        return [Condition(node, list(terms(node.condition)), route) for node, route in found]

    @cached_property
    def comparisons(self) -> list[tuple[Comparison, Route]]:
        """All comparisons, and the routes they stand in."""
        return list(comparisons(self.nodes(Expression), self.nodes(CoreTest)))

    @cached_property
    def refused_calls(self) -> list[tuple[Located, str]]:
        """The calls of modules' functions that the parser refuses, and why: see `Exports.fault`."""
        return [
            (located, fault)
            for located in self.calls
            if not located.call.is_command and (fault := self._fault(located)) is not None
        ]

    def _fault(self, located: Located) -> str | None:
        call, route = located.call, located.route
        before = self.modules_before(route)
        return self.exports.fault(call.name, len(call.arguments), flags(route), before)

    @cached_property
    def texts(self) -> list[Located]:
        """The strings in arguments in which the server replaces pseudo-variables. It looks them up when it starts, when
        all modules are loaded; kamailio -c does not."""
        found = []
        for located in self.calls:
            call = located.call
            if not call.is_command and call.arguments:
                kinds = self.exports.arguments(call.name, len(call.arguments)).kinds
                for kind, argument in zip(kinds, map(inside, call.arguments), strict=True):
                    if kind == FORMAT and isinstance(argument, String):
                        found.append(Located(argument, located.route))
        return found

    def calls_of(self, *names: str) -> list[Located]:
        """The calls of these functions or commands; those of the first name first."""
        return [located for name in names for located in self._calls_by_name.get(name, ())]


_NATIVE = ("native", "default")


def _engine(item: PathSetting) -> str:
    return item.value.value.lower()


def flags(route: Route) -> frozenset[str]:
    """What the parser calls a block: `Signature.allowed` wants to know it."""
    token = route.name_token
    return knowledge.core().block_flags(route.word.text, token.text if token is not None else None)


def _text(token: Token) -> str | None:
    return token.value if isinstance(token, String) else None


class KamailioTree:
    """One kamailio.cfg and what it includes. Raises `UnreadableInput` when the root cannot be read."""

    language = "kamailio"
    check_families = ("kamailio",)

    def __init__(
        self,
        path: str,
        files: Files,
        targets: Targets,
        *,
        installed_at: str | None = None,
        database: str | None = None,
        defines: Mapping[str, str | None] | None = None,
    ) -> None:
        version = targets.kamailio
        target = (version[0], version[1]) if version is not None else None
        self.targets = targets
        self._files = files
        self._installed_at = installed_at
        self._database = database
        self._defines = defines
        self.roots = {path: load(path, files, target, installed_at or CONFIG_DIRECTORY, defines)}
        self.data = Data(files, os.path.dirname(path), installed_at or CONFIG_DIRECTORY, database)
        self.failures: list[UnreadableInput] = []

    @property
    def configs(self) -> list[Config]:
        """The configuration."""
        return list(self.roots.values())

    @cached_property
    def kamailio(self) -> Kamailio:
        """The typed view of it."""
        return Kamailio(self.configs[0], self.targets, self.data, self)

    def changed(self, texts: Mapping[str, str]) -> KamailioTree:
        """The same tree with other texts in some of its files, by path."""
        files = self._files.changed(texts)
        path = next(iter(self.roots))
        return KamailioTree(
            path,
            files,
            self.targets,
            installed_at=self._installed_at,
            database=self._database,
            defines=self._defines,
        )

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
