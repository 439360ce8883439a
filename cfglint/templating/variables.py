"""The variables that templates are rendered with, from files as Ansible has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cfglint.errors import SettingsProblem
from cfglint.files import read_bytes
from cfglint.templating.marks import UNKNOWN
from cfglint.yamlfile import parse_yaml

MAX_VALUES = 500_000
"""A file with more values (aliases written out) is refused."""

MAX_DEPTH = 50

_ENCRYPTED = "$ANSIBLE_VAULT"


def read_variables(paths: Iterable[str]) -> dict[str, Any] | None:
    """The variables of YAML or JSON files, later ones before earlier ones; None without any file. What is encrypted is
    unknown. Raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    found: dict[str, Any] | None = None
    for path in paths:
        found = {**(found or {}), **_read(path)}
    return found


def _read(path: str) -> dict[str, Any]:
    data = read_bytes(path, path)
    if path.endswith(".json"):
        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", str(error).splitlines()[0])
            raise SettingsProblem(path, getattr(error, "lineno", 1), f"is not JSON: {reason}") from error
    else:
        content = parse_yaml(data, path, typ="rt")
    if content is None:
        return {}
    if not isinstance(content, Mapping):
        raise SettingsProblem(path, 1, "must be a mapping of variables, such as 'sip_port: 5060'")
    values: dict[str, Any] = _plain(content, iter(range(MAX_VALUES)), path)
    return values


def _plain(value: Any, left: Iterator[int], path: str, depth: int = 0) -> Any:
    """A value without what the YAML reader adds; `left` runs out when there are too many."""
    if next(left, None) is None or depth > MAX_DEPTH:
        raise SettingsProblem(path, 1, "holds more than can be rendered, or itself")
    if isinstance(value, Mapping):
        return {str(key): _plain(item, left, path, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item, left, path, depth + 1) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    # A tagged value (!vault, !unsafe) is no string; dates and the like are printed.
    tag = getattr(getattr(value, "tag", None), "value", None)
    text = str(getattr(value, "value", value) if tag else value)
    return UNKNOWN if tag == "!vault" or text.startswith(_ENCRYPTED) else text
