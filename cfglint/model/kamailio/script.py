"""Parts of a routing script: where something stands, what an argument is, and the pseudo-variables in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place
from cfglint.syntax.kamailio.items import Route
from cfglint.syntax.kamailio.nodes import Call, Number, Parenthesis, String, Variable, Word
from cfglint.syntax.kamailio.pv import BadVariable, PseudoVariable, parse_variable, variables


class Located(NamedTuple):
    """A node, or a leaf, and the route it stands in."""

    node: Any
    route: Route

    @property
    def call(self) -> Call:
        """The node, where it is a call."""
        call: Call = self.node
        return call


class Use(NamedTuple):
    """A pseudo-variable, and where it stands."""

    variable: PseudoVariable
    token: Variable | String

    @property
    def place(self) -> Place:
        """Its own place in the string or in the pseudo-variable around it."""
        return self.token.part(self.variable.start, self.variable.end)


def uses(token: Variable | String, evaluated: frozenset[str] | None = None) -> Iterator[Use]:
    """The pseudo-variables of a token, those inside of others too, or only those inside of some classes; what is none
    is left out."""
    text = [parse_variable(token.text)] if isinstance(token, Variable) else list(variables(token.value))
    waiting = [found for found in reversed(text) if not isinstance(found, BadVariable)]
    while waiting:
        variable = waiting.pop()
        yield Use(variable, token)
        if evaluated is None or variable.name in evaluated:
            waiting += reversed(variable.nested)


def inside(argument: Any) -> Any:
    """An argument without the parentheses around it."""
    while isinstance(argument, Parenthesis):
        argument = argument.inner
    return argument


def constant(argument: Any) -> str | None:
    """The text that an argument always has, if it is one token: ``"x"``, ``5``, and a name without quotes."""
    argument = inside(argument)
    if isinstance(argument, String):
        return argument.value
    if isinstance(argument, Number):
        return str(argument.value)
    return argument.text if isinstance(argument, Word) else None
