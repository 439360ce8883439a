"""``.cfglint.yaml``: found upwards from what is checked, read with ruamel.yaml, which is imported only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

from cfglint.errors import SettingsProblem, UsageProblem
from cfglint.files import Files, read_bytes
from cfglint.findings import LEVELS
from cfglint.knowledge.names import nearest
from cfglint.knowledge.versions import Targets, parse_targets
from cfglint.source import encode

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


def find(start: str, files: Files) -> str | None:
    """The settings file that counts for a path: in its directory or the nearest one above it."""
    folder = os.path.abspath(start)
    if not files.leads_to_directory(folder):
        folder = os.path.dirname(folder)
    while True:
        candidate = os.path.join(folder, FILE_NAME)
        if files.exists(candidate) and files.is_regular(candidate):
            return candidate
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def load(path: str, files: Files) -> Settings:
    """Read a settings file; raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    shown = files.shown(path)
    data, line_of = _mapping(encode(files.read(path).text), shown)
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


def read_yaml(path: str, shown: str) -> Any:
    """What a YAML file holds; raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    return _parse(read_bytes(path, shown), shown, "safe")


def _parse(data: bytes, shown: str, typ: str) -> Any:
    """What YAML says; with ``typ="rt"`` mappings know their lines."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ=typ, pure=True).load(data)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SettingsProblem(shown, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from error
    except (YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise SettingsProblem(shown, 1, f"is not YAML: {str(error).splitlines()[0]}") from error


def _mapping(text: bytes, shown: str) -> tuple[dict[Any, Any], Callable[[Any], int]]:
    data = _parse(text, shown, "rt")
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
