"""htable: what a script does with hash tables beside reading and writing ``$sht`` (modules/htable/htable.c)."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import hashtables
from cfglint.simulate.kamailio.regex import BadPattern, Untold, compiled
from cfglint.simulate.kamailio.values import Unknown, Value, text_of

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def _matches(operator: str, pattern: str, text: str) -> bool:
    if operator == "re":
        try:
            return compiled(pattern).search(text)
        except (BadPattern, Untold):
            return False
    if operator == "sw":
        return text.startswith(pattern)
    return text == pattern if operator == "eq" else fnmatch.fnmatchcase(text, pattern)


def _remove(by_value: bool, operator: str | None) -> object:
    """Remove the entries whose name or value fits."""

    def function(run: Run, arguments: Arguments) -> Value:
        if operator is None:
            table, kind, pattern = arguments.raw(0), arguments.raw(1), arguments.text(2)
        else:
            table, _, _ = arguments.raw(0).partition("=>")
            whole = arguments.text(0)
            kind, pattern = operator, whole if isinstance(whole, Unknown) else whole.partition("=>")[2]
        if kind not in ("re", "sw"):
            return -1
        if isinstance(pattern, Unknown):
            return 1
        for key, entry in hashtables.entries(run, table).items():
            value = "" if isinstance(entry.value, Unknown) else text_of(entry.value)
            if _matches(kind, pattern, value if by_value else key):
                hashtables.write(run, table, key, None)
        return 1

    return function


def remove(run: Run, arguments: Arguments) -> Value:
    """Remove one entry."""
    table, key = arguments.raw(0), arguments.text(1)
    if not isinstance(key, Unknown):
        hashtables.write(run, table, key, None)
    return 1


def reset(run: Run, arguments: Arguments) -> Value:
    """Remove all entries."""
    table = arguments.text(0)
    if not isinstance(table, Unknown):
        hashtables.clear(run, table)
    return 1


def has_name(run: Run, arguments: Arguments) -> Value:
    """Is there an entry whose name fits?"""
    table, kind, pattern = arguments.raw(0), arguments.raw(1), arguments.text(2)
    if isinstance(pattern, Unknown):
        return 1 if run.is_true(f"table {table} has an entry {pattern.name}") else -1
    live = [key for key in hashtables.entries(run, table) if hashtables.read(run, table, key) is not None]
    if any(_matches(kind, pattern, key) for key in live):
        return 1
    if hashtables.stored(run, table) is None:
        return 1 if run.is_true(f"table {table} has an entry {pattern}") else -1
    return -1


FUNCTIONS = {
    "sht_rm": remove,
    "sht_reset": reset,
    "sht_match_name": has_name,
    "sht_has_name": has_name,
    "sht_rm_name": _remove(False, None),
    "sht_rm_value": _remove(True, None),
    "sht_rm_name_re": _remove(False, "re"),
    "sht_rm_value_re": _remove(True, "re"),
    **dict.fromkeys(("sht_lock", "sht_unlock", "sht_print"), lambda run, arguments: 1),
}
