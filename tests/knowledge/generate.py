"""Small configurations that say what cfglint knows of a Kamailio module, one right or wrong thing at a time.

`cases` lists them for a module and a release; `configuration` writes one of them, or several that may stand together,
as a kamailio.cfg. They can be put to a server (``tests/live``) as well as to cfglint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cfglint.knowledge.kamailio import Core, Module, core, holding, module
from cfglint.knowledge.kamailio_facts import Parameter, Signature

BLOCKS = (
    ("request_route", None),
    ("failure_route", "CHECK"),
    ("onreply_route", "CHECK"),
    ("reply_route", None),
    ("branch_route", "CHECK"),
    ("onsend_route", None),
    ("event_route", "check:event"),
)
"""A block of each kind, in the order in which they are tried."""

VALUES = {"int": "1", "string": '"1"'}
"""A value of each type of a parameter."""


class Case(NamedTuple):
    """One thing that is right or wrong.

    `kind` is what is right or wrong: ``module``, ``parameter``, its ``type``, ``function``, its ``count`` of arguments,
    its ``block``, a pseudo-variable for a ``constant`` argument, ``variable``, or the ``assignment`` to one.
    """

    module: str
    kind: str
    name: str
    accepted: bool
    modparam: str = ""
    block: tuple[str, str | None] = BLOCKS[0]
    call: str = ""
    free_value: bool = False
    """A function of the module reads the parameter's value and may refuse it for reasons of its own."""

    @property
    def about(self) -> str:
        """The case in one line."""
        return f"{self.module}: {self.modparam or f'{self.call} in {header(self.block)}'}"


def cases(name: str, release: str) -> list[Case]:
    """Every case of a module in a release; empty where the release does not ship it."""
    found = module(name)
    if found is None or found.helper or release not in found.versions:
        return []
    return [
        Case(name, "module", name, True),
        *_parameters(found, release),
        *_functions(found, core(), release),
        *_variables(found, release),
    ]


def configuration(chosen: Sequence[Case]) -> str:
    """A configuration of one or more cases; for a server, only accepted ones may stand together, and one parameter
    once."""
    return "".join(f"{line}\n" for line, _ in lines(chosen))


def lines(chosen: Sequence[Case]) -> list[tuple[str, Case | None]]:
    """The lines of a configuration, each with the case it is about."""
    found: list[tuple[str, Case | None]] = [("auto_aliases=no", None), ("listen=udp:127.0.0.1:5062", None)]
    found += [(f'loadmodule "{name}.so"', None) for name in dict.fromkeys(case.module for case in chosen)]
    found += [(case.modparam, case) for case in chosen if case.modparam]
    for block in BLOCKS:
        calls = [(f"    {case.call};", case) for case in chosen if case.call and case.block == block]
        if calls or block == BLOCKS[0]:
            found += [(f"{header(block)} {{", None), *calls, ("    exit;", None), ("}", None)]
    return found


def header(block: tuple[str, str | None]) -> str:
    """How a block begins: ``failure_route[CHECK]``."""
    keyword, name = block
    return keyword if name is None else f"{keyword}[{name}]"


def _parameters(found: Module, release: str) -> Iterator[Case]:
    for name in sorted(found.parameters):
        for variant in holding(found.parameter(name), {release}):
            if variant.condition is None:
                yield from _parameter(found, name, variant)
    yield Case(found.name, "parameter", "no_such_parameter", False, _modparam(found, "no_such_parameter", "int"))


def _parameter(found: Module, name: str, variant: Parameter) -> Iterator[Case]:
    for kind in VALUES:
        line = _modparam(found, name, kind)
        if variant.takes(kind):
            yield Case(found.name, "parameter", name, True, line, free_value=variant.setter)
        else:
            yield Case(found.name, "type", name, False, line)


def _modparam(found: Module, name: str, kind: str) -> str:
    return f'modparam("{found.export}", "{name}", {VALUES[kind]})'


def _functions(found: Module, kernel: Core, release: str) -> Iterator[Case]:
    for name in sorted(found.functions):
        signatures = holding(found.function(name), {release})
        taken = holding(kernel.keyword(name), {release}) or any(release in s.shadowed for s in signatures)
        if signatures and not taken and all(s.condition is None for s in signatures):
            yield from _function(found, name, signatures, kernel)
            yield from _constants(found, name, signatures, kernel, release)
    yield Case(found.name, "function", "no_such_function", False, call="no_such_function()")


def _function(found: Module, name: str, signatures: Sequence[Signature], kernel: Core) -> Iterator[Case]:
    counts = range(kernel.max_arguments + 1)
    right = {n: [s for s in signatures if s.takes(n)] for n in counts}
    for block in BLOCKS:
        flags = kernel.block_flags(*block)
        for count, takers in right.items():
            if any(s.allowed(flags) for s in takers):
                yield Case(found.name, "function", name, True, block=block, call=_call(name, count))
            elif takers:
                yield Case(found.name, "block", name, False, block=block, call=_call(name, count))
    home = next(b for b in BLOCKS if any(s.allowed(kernel.block_flags(*b)) for s in signatures))
    wrong = [count for count, takers in right.items() if not takers]
    for count in wrong[:1]:
        yield Case(found.name, "count", name, False, block=home, call=_call(name, count))


def _constants(found: Module, name: str, signatures: Sequence[Signature], kernel: Core, release: str) -> Iterator[Case]:
    for count in range(1, kernel.max_arguments + 1):
        takers = [signature for signature in signatures if signature.takes(count)]
        for arguments in holding(found.arguments(name, count), {release}) if takers else ():
            block = next(b for b in BLOCKS if any(s.allowed(kernel.block_flags(*b)) for s in takers))
            call = f"{name}({', '.join(['$rc'] * count)})"
            yield Case(found.name, "constant", name, not arguments.constant, block=block, call=call)


def _variables(found: Module, release: str) -> Iterator[Case]:
    for name in sorted(found.variables):
        for variant in holding(found.variable(name), {release}):
            if not variant.inner:  # what may stand in the parentheses is the module's own matter
                yield Case(found.name, "variable", name, True, call=_reading(name))
                yield Case(found.name, "assignment", name, variant.settable, call=f"$({name}) = 1")
    yield Case(found.name, "variable", "no_such_variable", False, call=_reading("no_such_variable"))


def _reading(variable: str) -> str:
    return f"if ($({variable}) == 1) exit"


def _call(name: str, count: int) -> str:
    arguments = ", ".join(['"1"'] * count)
    return f"{name}({arguments})"
