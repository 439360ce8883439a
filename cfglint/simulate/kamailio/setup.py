"""What does not change while a server runs: its routes, modules with their parameters and functions, and sockets."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from cfglint.knowledge import kamailio as knowledge
from cfglint.knowledge.modparam import matcher
from cfglint.knowledge.versions import Version
from cfglint.model.kamailio import Kamailio
from cfglint.namedtuples import NamedTuple
from cfglint.numerals import decimal
from cfglint.simulate.kamailio.sockets import DEFAULT_PORT, Sockets
from cfglint.simulate.request import World
from cfglint.source import Place, Source
from cfglint.syntax.kamailio.items import CustomParameter, Flag, FlagList, ModuleParameter, Parameter
from cfglint.syntax.kamailio.nodes import Block
from cfglint.syntax.kamailio.tokens import Number, String, Token

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run
    from cfglint.simulate.kamailio.values import Value

    Function = Callable[[Run, Arguments], Value]
    """A function of a module: it gives back its return code."""

Loaded = TypeVar("Loaded")

PACKAGE = "cfglint.simulate.kamailio.modules"


class Setting(NamedTuple):
    """The value of a parameter, and the line that sets it."""

    value: int | str
    place: Place


class Setup:
    """One configuration as one version of the server has it after its start."""

    def __init__(self, kamailio: Kamailio, version: Version, world: World) -> None:
        self.kamailio = kamailio
        self.version = version
        self.world = world
        self._loaded: dict[str, Any] = {}
        self.modules = [loaded.name for loaded in kamailio.modules]
        self._settings = self._module_settings()
        self._core = {
            item.name: _plain(item.value, item.place) for item in kamailio.file.items if isinstance(item, Parameter)
        }
        self.sockets = Sockets(kamailio.file, world.hosts, self.core_number("port", default=DEFAULT_PORT))

    def once(self, what: str, load: Callable[[], Loaded]) -> Loaded:
        """What a module loads when it starts: `load` makes it when it is first asked for. Raises what `load` does."""
        if what not in self._loaded:
            self._loaded[what] = load()
        found: Loaded = self._loaded[what]
        return found

    # ---------------------------------------------------------------------------------------------------- parameters

    def _module_settings(self) -> dict[tuple[str, str], list[Setting]]:
        """Each ``modparam`` counts for the modules that are loaded before it (core/modparam.c:set_mod_param_regex)."""
        found: dict[tuple[str, str], list[Setting]] = {}
        exports: list[tuple[str, str]] = []
        loads = {loaded.node: loaded.name for loaded in self.kamailio.modules}
        for item in self.kamailio.file.items:
            if item in loads:
                known = knowledge.module(loads[item])
                exports.append((loads[item], known.export if known is not None else loads[item]))
            elif isinstance(item, ModuleParameter):
                test = matcher(item.module.value)
                setting = _plain(item.value, item.place)
                if test is None or setting is None:
                    continue
                for name, export in exports:
                    if test(export):
                        found.setdefault((name, item.name.value), []).append(setting)
        return found

    def settings(self, module: str, name: str) -> list[Setting]:
        """All lines that set a parameter of a module, in order."""
        return self._settings.get((module, name), [])

    def setting(self, module: str, name: str) -> Setting | None:
        """The line that counts: the last one."""
        found = self.settings(module, name)
        return found[-1] if found else None

    def number(self, module: str, name: str, default: int) -> int:
        """An integer parameter."""
        setting = self.setting(module, name)
        return setting.value if setting is not None and isinstance(setting.value, int) else default

    def text(self, module: str, name: str, default: str) -> str:
        """A string parameter."""
        setting = self.setting(module, name)
        return setting.value if setting is not None and isinstance(setting.value, str) else default

    def core_number(self, *names: str, default: int) -> int:
        """A parameter of the core that is a number, under any of its names."""
        for name in names:
            setting = self._core.get(name)
            if setting is not None and isinstance(setting.value, int):
                return setting.value
        return default

    def core_place(self, name: str) -> Place | None:
        """The line that sets a parameter of the core."""
        setting = self._core.get(name)
        return setting.place if setting is not None else None

    def core_text(self, name: str, default: str) -> str:
        """A parameter of the core that is a string."""
        setting = self._core.get(name)
        return setting.value if setting is not None and isinstance(setting.value, str) else default

    @cached_property
    def return_mode(self) -> int:
        """With 1 every code but 0 is true (since 5.7)."""
        return self.core_number("return_mode", default=0)

    @cached_property
    def custom(self) -> dict[tuple[str, str], int | str]:
        """``group.field = value`` (``$sel(cfg_get.group.field)``)."""
        found: dict[tuple[str, str], int | str] = {}
        for item in self.kamailio.file.items:
            if isinstance(item, CustomParameter) and item.index is None:
                setting = _plain(item.value, item.place)
                if setting is not None:
                    found[_text(item.group), _text(item.field)] = setting.value
        return found

    @cached_property
    def flags(self) -> dict[str, int]:
        """Names of flags; without a number the next free one from 31 down is taken (core/flags.c:get_flag_no)."""
        found: dict[str, int] = {}
        free = 31
        for item in self.kamailio.file.items:
            for flag in item.flags if isinstance(item, FlagList) and item.word.type == "FLAGS" else ():
                if isinstance(flag, Flag) and isinstance(flag.number, Number):
                    found[_text(flag.name)] = flag.number.value
                elif isinstance(flag, Token):
                    while free in found.values():
                        free -= 1
                    found[_text(flag)] = free
        return found

    def flag(self, text: str) -> int:
        """The number of a flag that is named, or written as a number; -1 where there is none of the name."""
        number = decimal(text)
        return self.flags.get(text, -1) if number is None else number

    # -------------------------------------------------------------------------------------------- routes and functions

    @cached_property
    def routes(self) -> dict[tuple[str, str], list[Block]]:
        """Kind and name (empty for none) to blocks: those without a name are run one after the other."""
        found: dict[tuple[str, str], list[Block]] = {}
        for route in self.kamailio.routes:
            found.setdefault((route.kind, route.name or ""), []).append(route.block)
        return found

    @cached_property
    def functions(self) -> dict[str, Function]:
        """What is modelled of the loaded modules; of two with one name that of the later module counts."""
        from cfglint.simulate.kamailio.modules.harmless import FUNCTIONS as HARMLESS

        found: dict[str, Function] = {}
        for name in self.modules:
            found.update(HARMLESS.get(name, {}))
            found.update(_table(name, "FUNCTIONS"))
        return found

    @cached_property
    def commands(self) -> dict[str, Function]:
        """The commands of the language itself."""
        return _table("core", "FUNCTIONS")

    def file(self, path: str) -> Source | None:
        """A text file that the configuration names; None where there is none."""
        data = self.kamailio.data
        return data.file(path) if data is not None else None

    def has(self, module: str) -> bool:
        """Is a module loaded?"""
        return module in self.modules


def _table(module: str, name: str) -> dict[str, Any]:
    if not module.isidentifier():
        return {}
    path = f"{PACKAGE}.{module}"
    try:
        return getattr(import_module(path), name)  # type: ignore[no-any-return]
    except ModuleNotFoundError as error:
        if error.name != path:
            raise
        return {}


def _plain(token: Token, place: Place) -> Setting | None:
    if isinstance(token, Number):
        return Setting(token.value, place)
    if isinstance(token, String):
        return Setting(token.value, place)
    return Setting(token.text, place) if token.type == "WORD" else None


def _text(token: Token) -> str:
    return token.value if isinstance(token, String) else token.text
