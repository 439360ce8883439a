"""Values that nobody knows, and what is assumed of them while a template is rendered.

An unknown value prints as a placeholder, so that it is known again in the text. Whether it is true, defined, equal to
something, or has items, are questions; a rendering answers them all in one way. The first says yes to all, the second
no; of the others each says yes to half of them, so that of any two questions every pair of answers occurs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from jinja2.exceptions import UndefinedError
from jinja2.runtime import Undefined
from jinja2.utils import missing

from cfglint.templating.marks import CLOSE, OPEN

MAX_RENDERINGS = 26
"""Enough for every pair of answers to 4095 questions."""

VARIANTS = 4
"""So many renderings there are at least where any value is unknown: each puts other values in."""

MAX_LABEL = 200
"""Longer names of unknown values are cut."""

_SANDBOX_ASKS = ("unsafe_callable", "alters_data")
"""Attributes by which the sandbox tells what may be called."""


class Assumptions:
    """The questions that were asked so far, and the answers of one rendering."""

    def __init__(self) -> None:
        self.questions: dict[str, int] = {}
        self.labels: dict[str, int] = {}
        self.rendering = 0
        self.consulted = 0
        """How often anything was asked or printed."""
        self.pinned: dict[str, Any] = {}
        """Label of what was assumed to equal something, and that."""

    def begin(self, rendering: int) -> None:
        """Answer for another rendering, counted from 0."""
        self.rendering = rendering
        self.pinned = {}

    @property
    def renderings(self) -> int:
        """How many it takes."""
        asked = min(2 + 2 * len(self.questions).bit_length(), MAX_RENDERINGS) if self.questions else 1
        return max(asked, VARIANTS) if self.labels else asked

    @property
    def items(self) -> int:
        """How many items has what is assumed to have any: seldom more than one, lest what would occur twice only then
        be taken for certain."""
        return 2 if self.rendering == 0 else 1

    def ask(self, question: str) -> bool:
        """The answer in this rendering."""
        self.consulted += 1
        code = self.questions.setdefault(question, len(self.questions)) + 1
        if self.rendering < 2:
            return self.rendering == 0
        bit = code >> (self.rendering - 2) // 2 & 1
        return bool(bit) != bool(self.rendering % 2)

    def number(self, label: str) -> int:
        """The number of an unknown value."""
        self.consulted += 1
        return self.labels.setdefault(label, len(self.labels))


class Unknown(Undefined):
    """A value that nobody knows; what is made of it is unknown, too."""

    __slots__ = ("_label",)

    _label: str
    assumptions: ClassVar[Assumptions] = Assumptions()

    def __init__(self, hint: Any = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError) -> None:
        super().__init__(hint, obj, name, exc)
        above = obj._label if isinstance(obj, Unknown) else "" if obj is missing else "?"
        own = name if isinstance(name, str) else repr(name)
        self._label = (f"{above}.{own}" if above else own)[:MAX_LABEL]

    @classmethod
    def of(cls, label: str) -> Unknown:
        """The unknown value of that name."""
        return cls(name=label)

    def __str__(self) -> str:
        return f"{OPEN}{self.assumptions.number(self._label)}{CLOSE}"

    def __repr__(self) -> str:
        return f"<{self._label}>"

    def __hash__(self) -> int:
        return hash(self._label)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        return False if name in _SANDBOX_ASKS else self.attribute(name)

    def attribute(self, name: str) -> Unknown:
        """What stands behind a dot."""
        return self.of(f"{self._label}.{name}")

    def __getitem__(self, key: Any) -> Unknown:
        return self.attribute(key) if isinstance(key, str) else self.of(f"{self._label}[{key!r}]")

    def __call__(self, *arguments: Any, **options: Any) -> Unknown:
        """What it gives when it is called."""
        given = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())]
        return self.of(f"{self._label}({', '.join(given)})")

    def __bool__(self) -> bool:
        if self._label in self.assumptions.pinned:
            return bool(self.assumptions.pinned[self._label])
        return self.assumptions.ask(self._label)

    def is_defined(self) -> bool:
        """Has it a value at all?"""
        return self.assumptions.ask(f"{self._label} is defined")

    def __len__(self) -> int:
        return self.assumptions.items if self.assumptions.ask(f"{self._label} has items") else 0

    def __iter__(self) -> Iterator[Any]:
        for number in range(len(self)):
            yield self[number]

    def __contains__(self, item: Any) -> bool:
        return self.assumptions.ask(f"{item!r} in {self._label}")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Unknown) and other._label == self._label:
            return True
        pinned = self.assumptions.pinned
        if self._label in pinned:
            return bool(pinned[self._label] == other)
        equal = self.assumptions.ask(f"{self._label} == {other!r}")
        if equal and isinstance(other, (str, int)):
            pinned[self._label] = other
        return equal

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _compare(self, sign: str, other: Any) -> bool:
        return self.assumptions.ask(f"{self._label} {sign} {other!r}")

    def __lt__(self, other: Any) -> bool:
        return self._compare("<", other)

    def __le__(self, other: Any) -> bool:
        return self._compare("<=", other)

    def __gt__(self, other: Any) -> bool:
        return self._compare(">", other)

    def __ge__(self, other: Any) -> bool:
        return self._compare(">=", other)

    def __int__(self) -> int:
        self.assumptions.consulted += 1
        return 1

    __index__ = __int__

    def __float__(self) -> float:
        return float(int(self))

    def _combined(self, *others: Any) -> Any:
        return self.of(f"({', '.join(map(repr, (self, *others)))})")


for _name in "add sub mul truediv floordiv mod pow".split():
    setattr(Unknown, f"__{_name}__", Unknown._combined)
    setattr(Unknown, f"__r{_name}__", Unknown._combined)
for _name in ("__neg__", "__pos__", "__abs__"):
    setattr(Unknown, _name, Unknown._combined)


def tainted(value: Any, depth: int = 4) -> bool:
    """Is anything in a value unknown?"""
    if isinstance(value, Unknown):
        return True
    if isinstance(value, str):
        return OPEN in value
    if depth and isinstance(value, (list, tuple, set)):
        return any(tainted(item, depth - 1) for item in value)
    if depth and isinstance(value, dict):
        return any(tainted(item, depth - 1) for pair in value.items() for item in pair)
    return False
