"""Arguments of functions: constants, strings with pseudo-variables in them, expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfglint.simulate.kamailio import expressions
from cfglint.simulate.kamailio.values import Unknown, Value, number_in, text_of
from cfglint.syntax.kamailio.nodes import Call
from cfglint.syntax.kamailio.tokens import String, Token

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run


class Arguments:
    """The arguments of one call; those that are missing have the values a function gives as defaults."""

    def __init__(self, run: Run, call: Call) -> None:
        self._run = run
        self._nodes: list[Any] = call.arguments
        self.call = call

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, at: int) -> Any:
        """An argument's node of the tree."""
        return self._nodes[at]

    def raw(self, at: int, default: str = "") -> str:
        """An argument as it is written, without quotes: a name, a pseudo-variable to be assigned."""
        if at >= len(self._nodes):
            return default
        node = self._nodes[at]
        if isinstance(node, String):
            return node.value
        return node.text if isinstance(node, Token) else str(node.place.text)

    def value(self, at: int, default: Value = None) -> Value:
        """The value of an argument; pseudo-variables in a string are replaced by their values."""
        if at >= len(self._nodes):
            return default
        return expressions.argument(self._run, self._nodes[at])

    def text(self, at: int, default: str = "") -> str | Unknown:
        """An argument as a string."""
        value = self.value(at, default)
        return value if isinstance(value, Unknown) else text_of(value)

    def single(self, at: int, default: str = "") -> str | Unknown:
        """An argument of a function that replaces nothing in a string unless all of it is one pseudo-variable
        (core/sr_module.c:fixup_var_str_12): ``"$td"``, but not ``"sip.$td"``."""
        node = self._nodes[at] if at < len(self._nodes) else None
        if isinstance(node, String) and not expressions.is_variable(node.value):
            return node.value
        return self.text(at, default)

    def number(self, at: int, default: int = 0) -> int | Unknown | None:
        """An argument as an integer; None where it is none."""
        value = self.value(at, default)
        if isinstance(value, Unknown | int):
            return value
        text = text_of(value).strip()
        return number_in(text)
