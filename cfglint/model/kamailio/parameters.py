"""The values that ``modparam`` lines give to the parameters of modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cfglint.knowledge.modparam import matcher
from cfglint.namedtuples import NamedTuple
from cfglint.syntax.kamailio.items import ModuleParameter
from cfglint.syntax.kamailio.nodes import Number, String


class Setting(NamedTuple):
    """A ``modparam`` line; `module` is the pattern as written, None where no plain string stands there."""

    module: str | None
    name: str | None
    node: ModuleParameter

    @property
    def kind(self) -> str | None:
        """``int`` or ``string``: the type of the value; None for a pseudo-variable, whose type nobody knows."""
        value = self.node.value
        return "int" if isinstance(value, Number) else "string" if isinstance(value, String) else None

    @property
    def value(self) -> int | str | None:
        """The value; None for a pseudo-variable."""
        value = self.node.value
        return value.value if isinstance(value, Number | String) else None

    @property
    def number(self) -> int | None:
        """The value, where a number is written."""
        value = self.node.value
        return value.value if isinstance(value, Number) else None

    @property
    def text(self) -> str | None:
        """The value, where a string is written."""
        value = self.node.value
        return value.value if isinstance(value, String) else None


class Parameters:
    """The ``modparam`` lines of a configuration, to be asked by module and name."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._by_name: dict[str, list[tuple[Setting, Callable[[str], bool] | None]]] = {}
        for setting in settings:
            if setting.name is not None:
                test = matcher(setting.module) if setting.module is not None else None
                self._by_name.setdefault(setting.name, []).append((setting, test))

    def all(self, module: str, *names: str) -> list[Setting]:
        """The lines that set these parameters of a module, and those that may, as nobody can tell what their pattern
        matches."""
        found = (pair for name in names for pair in self._by_name.get(name, ()))
        return [setting for setting, test in found if test is None or test(module)]

    def last(self, module: str, name: str) -> Setting | None:
        """The line that counts for a parameter that holds one value."""
        found = self.all(module, name)
        return found[-1] if found else None

    def number(self, module: str, name: str, default: int) -> int | None:
        """The value of a parameter that is a number; None where it cannot be told."""
        setting = self.last(module, name)
        return default if setting is None else setting.number

    def text(self, module: str, name: str, default: str) -> str | None:
        """The value of a parameter that is a string; None where it cannot be told."""
        setting = self.last(module, name)
        return default if setting is None else setting.text
