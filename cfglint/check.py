"""The contract of a check: what a file below ``checks/`` says of itself in its last line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.namedtuples import NamedTuple


class Example(NamedTuple):
    """A configuration that a check must report, and how it looks when it is right. Executed by the tests.

    Each is the text of the family's main file, or a mapping from file name to text. `bad` marks the span that the
    finding must cover with ``«`` and ``»``. `good` must be silent. `fixed` is what the check's fix makes of `bad`.
    `targets` as in ``--target``.
    """

    bad: str | Mapping[str, str]
    good: str | Mapping[str, str]
    fixed: str | Mapping[str, str] | None = None
    targets: tuple[str, ...] = ()


class Check(NamedTuple):
    """How a check is run and judged.

    `find` takes what the family is about (see `Tree.subjects`) and yields defects. `fix` takes a defect's subject and
    returns the fix, or None where no honest edit exists. The id comes from the file name, the documentation from the
    module's docstring, the examples from its ``EXAMPLES``.
    """

    find: Callable[[Any], Iterator[Defect]]
    level: str
    category: str
    fix: Callable[[Any], Fix | None] | None = None
    request: str | None = None
