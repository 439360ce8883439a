"""Named tuples like those of `typing`, made in a seventh of the time.

A run defines some 130 of them before it reads its first line, and `typing` compiles every annotation and every
constructor: for a small configuration that is a tenth of the whole run. Here annotations stay the strings that they
are, and constructors with equally many fields share their code, each with its own names for the arguments.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from operator import itemgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any

try:
    from _collections import _tuplegetter  # type: ignore[import-not-found]
except ImportError:  # not in every Python; the standard library's collections does the same

    def _getter(index: int) -> Any:
        return property(itemgetter(index))
else:

    def _getter(index: int) -> Any:
        return _tuplegetter(index, None)


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
    """``__new__`` of a class, its arguments being the fields."""
    like: Any = _constructor_of(len(fields))
    code = like.__code__.replace(co_name="__new__", co_varnames=("_cls", *fields))
    constructor = FunctionType(code, like.__globals__, "__new__", defaults)
    constructor.__qualname__ = f"{name}.__new__"
    return constructor


@cache
def _constructor_of(count: int) -> Any:
    """The standard library's constructor of so many fields, whose names are to be replaced."""
    return namedtuple("Fields", map(str, range(count)), rename=True).__new__


if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _Class(type):
        """Of named tuples: turns a body's annotations into fields."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if bases[0] is not tuple and not hasattr(bases[0], "_fields"):  # neither our own base nor a subclass
                fields = tuple(body.get("__annotations__", ()))
                given = tuple(field for field in fields if field in body)
                if given != fields[len(fields) - len(given) :]:
                    raise TypeError(f"{name}: a field without a default follows one that has a default")
                defaults = {field: body[field] for field in given}
                body.update((field, _getter(index)) for index, field in enumerate(fields))
                body["__new__"] = _constructor(name, fields, tuple(defaults.values()))
                body |= {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Class):
        """A tuple whose items have names; a class of them lists the fields, those with defaults last."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changes):
            made = type(self)(*map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"got unexpected field names: {list(changes)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"
