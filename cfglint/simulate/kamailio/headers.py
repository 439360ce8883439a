"""``$hdr(name)`` and what else looks at headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.message import COMPACT
from cfglint.simulate.kamailio.values import Value
from cfglint.syntax.kamailio.pv import PseudoVariable

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run


def key(name: str) -> str:
    """The name of a header for comparison: in lower case, short forms written out."""
    return COMPACT.get(name.strip().lower(), name.strip().lower())


def values(run: Run, name: str) -> list[str]:
    """All values of a header."""
    if key(name) in run.removed_headers:
        return []
    return [*run.message.all(key(name)), *(value for added, value in run.added_headers if added == key(name))]


def read(run: Run, variable: PseudoVariable) -> Value:
    """The first value of a header, or the one that an index asks for."""
    found = values(run, variable.inner or "")
    index = variable.subscript
    if index is None:
        return found[0] if found else None
    if index == "*":
        return ",".join(found) or None
    try:
        return found[int(index)]
    except (ValueError, IndexError):
        return None


def count(run: Run, variable: PseudoVariable) -> Value:
    """How many values a header has."""
    return len(values(run, variable.inner or ""))
