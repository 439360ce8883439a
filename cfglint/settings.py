"""``.cfglint.yaml``: found upwards from what is checked, read with ruamel.yaml, which is imported only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from cfglint.errors import SettingsProblem, UsageProblem
from cfglint.files import read_bytes
from cfglint.findings import LEVELS
from cfglint.knowledge.names import nearest
from cfglint.knowledge.versions import Targets, parse_targets

FILE_NAME = ".cfglint.yaml"

FAIL_ON = (*LEVELS, "never")


class Settings(NamedTuple):
    """What a settings file (or its absence) says; the command line goes before it."""

    path: str | None = None
    targets: Targets = Targets()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "warning"
    installed_at: str | None = None
    exclude: tuple[str, ...] = ()
    """Patterns of paths, relative to the settings file, that a search in directories leaves out."""


def find(start: str) -> str | None:
    """The settings file that counts for a path: in its directory or the nearest one above it."""
    folder = os.path.abspath(start)
    if not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    while True:
        candidate = os.path.join(folder, FILE_NAME)
        if os.path.isfile(candidate):
            return candidate
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def load(path: str) -> Settings:
    """Read a settings file; raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    shown = os.path.relpath(path)
    data, line_of = _mapping(path, shown)
    values: dict[str, Any] = {"path": path}
    for key, value in data.items():
        reader = _READERS.get(key) if isinstance(key, str) else None
        if reader is None:
            close = nearest(str(key), _READERS)
            hint = f"; did you mean {close}?" if close else f"; known are {', '.join(_READERS)}"
            raise SettingsProblem(shown, line_of(key), f"there is no setting {str(key)!r}{hint}")
        try:
            values[key.replace("-", "_")] = reader(value)
        except UsageProblem as problem:
            raise SettingsProblem(shown, line_of(key), f"{key}: {problem}") from None
    return Settings(**values)


def read_yaml(path: str, shown: str, typ: str = "safe") -> Any:
    """What a YAML file holds; with ``typ="rt"`` mappings know their lines. Raises `SettingsProblem` with path and line,
    or `UnreadableInput`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ=typ, pure=True).load(read_bytes(path, shown))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SettingsProblem(shown, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from error
    except (YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise SettingsProblem(shown, 1, f"is not YAML: {str(error).splitlines()[0]}") from error


def _mapping(path: str, shown: str) -> tuple[dict[Any, Any], Callable[[Any], int]]:
    data = read_yaml(path, shown, typ="rt")
    if data is None:
        return {}, lambda key: 1
    if not isinstance(data, dict):
        raise SettingsProblem(shown, 1, "must be a mapping of settings, such as 'fail-on: error'")
    positions: Any = data.lc  # type: ignore[attr-defined]

    def line_of(key: Any) -> int:
        line: int = positions.key(key)[0] + 1
        return line

    return data, line_of


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageProblem("expected a list of names")
    return tuple(str(item) for item in value)


def _targets(value: Any) -> Targets:
    if not isinstance(value, dict):
        raise UsageProblem("expected products and versions, such as {asterisk: '20.20'}")
    for version in value.values():
        if isinstance(version, float):
            raise UsageProblem(f"put the version in quotes: YAML reads {version} as a number, and 20.20 as 20.2")
    return parse_targets(tuple(f"{product}={version}" for product, version in value.items()))


def _level(value: Any) -> str:
    if value not in FAIL_ON:
        raise UsageProblem(f"expected one of {', '.join(FAIL_ON)}")
    return str(value)


def _path(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        raise UsageProblem("expected an absolute path")
    return str(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "targets": _targets,
    "select": _names,
    "ignore": _names,
    "fail-on": _level,
    "installed-at": _path,
    "exclude": _names,
}
