"""YAML that people write for cfglint, read with ruamel.yaml: settings, requests, what is known already."""

from __future__ import annotations

from typing import Any

from cfglint.errors import SettingsProblem
from cfglint.files import read_bytes


def read_yaml(path: str, shown: str) -> Any:
    """What a YAML file holds; raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    return parse_yaml(read_bytes(path, shown), shown)


def parse_yaml(data: bytes, shown: str, typ: str = "safe") -> Any:
    """What YAML says; with ``typ="rt"`` mappings and lists know their lines. Raises `SettingsProblem`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ=typ, pure=True).load(data)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SettingsProblem(shown, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from error
    except (YAMLError, UnicodeError, ValueError, RecursionError) as error:
        raise SettingsProblem(shown, 1, f"is not YAML: {str(error).splitlines()[0]}") from error


def line_of(collection: Any, key: Any) -> int:
    """The line of a mapping's key, or of a list's item by its number; both as `parse_yaml` reads them with ``rt``."""
    positions: Any = collection.lc
    try:
        line: int = (positions.key if isinstance(collection, dict) else positions.item)(key)[0]
    except (KeyError, TypeError):  # it comes from somewhere else, through a merge key
        line = positions.line
    return line + 1
