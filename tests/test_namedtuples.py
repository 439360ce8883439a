"""cfglint's named tuples are those of `typing`, whatever one does with them."""

from __future__ import annotations

import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from cfglint.namedtuples import NamedTuple


class Ours(NamedTuple):
    """A call."""

    caller: str
    port: int | None = 5060
    codecs: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"{self.caller}:{self.port}"


class Theirs(typing.NamedTuple):
    """A call."""

    caller: str
    port: int | None = 5060
    codecs: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"{self.caller}:{self.port}"


class Child(Ours):
    __slots__ = ()
    kind: str
    """No field: those of a subclass are its parent's."""


class Nothing(NamedTuple):
    pass


def matched(call: Any) -> tuple[Any, ...]:
    match call:
        case Ours(caller, port=port) | Theirs(caller, port=port):
            return caller, port
    raise AssertionError


@pytest.mark.parametrize(
    "seen",
    [
        lambda kind: kind("alice"),
        lambda kind: kind("alice", codecs=("ulaw",), port=None),
        lambda kind: kind._make(["alice", 1, ()]),
        lambda kind: kind("alice")._replace(port=7, codecs=("alaw",)),
        lambda kind: kind("alice")._asdict(),
        lambda kind: kind("alice").address,
        lambda kind: kind("alice").codecs,
        lambda kind: repr(kind("alice")).partition("(")[2],
        lambda kind: hash(kind("alice")),
        lambda kind: sorted([kind("b"), kind("a", 9), kind("a", 8)]),
        lambda kind: pickle.loads(pickle.dumps(kind("alice"))),
        lambda kind: matched(kind("alice", 3)),
        lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__, kind.__slots__),
    ],
)
def test_they_do_what_those_of_typing_do(seen: Callable[[Any], Any]) -> None:
    assert seen(Ours) == seen(Theirs)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kind: kind(),
        lambda kind: kind("alice", 1, (), "more"),
        lambda kind: kind("alice", extension=1),
        lambda kind: kind("alice", caller="bob"),
        lambda kind: kind("alice")._replace(extension=1),
        lambda kind: setattr(kind("alice"), "caller", "bob"),
        lambda kind: setattr(kind("alice"), "extension", "bob"),
    ],
)
def test_they_refuse_what_those_of_typing_refuse(wrong: Callable[[Any], Any]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as theirs:
        wrong(Theirs)
    with pytest.raises(theirs.type):
        wrong(Ours)


def test_a_field_without_a_default_comes_first() -> None:
    with pytest.raises(TypeError, match="Late: a field without a default"):
        making: Any = type(Ours)
        making("Late", (NamedTuple,), {"__annotations__": {"a": "int", "b": "int"}, "a": 1})


def test_a_child_has_the_fields_of_its_parent() -> None:
    assert Child("alice").address == "alice:5060"
    assert isinstance(Child("alice"), Ours)
    assert Child._fields == Ours._fields


def test_there_may_be_no_fields() -> None:
    assert Nothing() == ()
