"""``$xavp(name[index]=>field[index])``: values in trees; ``$xavu`` has one value a name (modules/pv/pv_xavp.c)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value, number_in, text_of

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

Fields = dict[str, list[Value]]
"""Field to its values, the newest first."""
Item = Fields | str | int | Unknown | None
"""What stands under a name: a value, or fields."""

_PART = r"(?P<name>[^\[\]]*)(?:\[(?P<index>[^\]]*)\])?"


class _Path:
    """The parts of a name; an index is a number, ``*``, or missing."""

    def __init__(self, text: str) -> None:
        first, arrow, second = text.partition("=>")
        self.name, self.index = _split(first)
        self.field: str | None = None
        self.field_index: str | None = None
        if arrow:
            self.field, self.field_index = _split(second)


def _split(text: str) -> tuple[str, str | None]:
    found = re.match(_PART, text.strip())
    assert found is not None
    return found["name"], found["index"]


def _at(index: str | None, length: int) -> int:
    """An index counted from the newest, negative ones from the oldest."""
    number = number_in(index or "0") or 0
    return length + number if number < 0 else number


def read(run: Run, kind: str, text: str) -> Value:
    """The value of a field, or of a name without one; null where there is none."""
    path = _Path(text)
    items = run.xavps.get(f"{kind} {path.name}", [])
    at = _at(path.index, len(items))
    if not 0 <= at < len(items):
        return None
    item = items[at]
    if path.field is None:
        return "<<xavp>>" if isinstance(item, dict) else item
    if not isinstance(item, dict):
        return None
    values = item.get(path.field, [])
    if path.field_index == "*":
        return ", ".join(text_of(value) for value in values if not isinstance(value, Unknown)) or None
    at = _at(path.field_index, len(values))
    return values[at] if 0 <= at < len(values) else None


def write(run: Run, kind: str, text: str, value: Value) -> None:
    """Without an index a new item is put in front; null removes."""
    path = _Path(text)
    key = f"{kind} {path.name}"
    items = run.xavps.setdefault(key, [])
    if kind != "xavp" and path.index is None and items:
        path.index = "0"
        path.field_index = path.field_index or ("0" if path.field is not None else None)
    if value is None:
        _remove(items, path)
    elif path.field is None:
        _put(items, path.index, value)
    elif path.index is None:
        items.insert(0, {path.field: [value]})
    else:
        at = _at(path.index, len(items))
        item = items[at] if 0 <= at < len(items) else None
        if isinstance(item, dict):
            _put(item.setdefault(path.field, []), path.field_index, value)
    if not items:
        del run.xavps[key]


def _put(values: list[Item] | list[Value], index: str | None, value: Value) -> None:
    if index is None:
        values.insert(0, value)
        return
    at = _at(index, len(values))
    if 0 <= at < len(values):
        values[at] = value
    elif not values:
        values.append(value)


def _remove(items: list[Item], path: _Path) -> None:
    if path.field is None:
        if path.index == "*":
            items.clear()
        else:
            _delete(items, path.index)
        return
    at = _at(path.index, len(items))
    for item in items if path.index == "*" else items[at : at + 1] if at >= 0 else []:
        if isinstance(item, dict) and path.field in item:
            if path.field_index == "*":
                del item[path.field]
            else:
                _delete(item[path.field], path.field_index)
                if not item[path.field]:
                    del item[path.field]


def _delete(values: list[Item] | list[Value], index: str | None) -> None:
    at = _at(index, len(values))
    if 0 <= at < len(values):
        del values[at]
