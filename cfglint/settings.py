"""``.cfglint.yaml``: found upwards from what is checked, read with ruamel.yaml, which is imported only then.

What may stand in it is told to editors by ``settings.schema.json``; tests hold the two together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import Any

from cfglint import registry
from cfglint.errors import SettingsProblem, UsageProblem
from cfglint.files import Files
from cfglint.findings import LEVELS
from cfglint.knowledge.names import nearest
from cfglint.knowledge.versions import SUPPORTED, Targets, parse_version
from cfglint.namedtuples import NamedTuple
from cfglint.policy import PathIgnore, Policy
from cfglint.source import encode
from cfglint.yamlfile import line_of, parse_yaml

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
    levels: tuple[tuple[str, str], ...] = ()
    per_path_ignores: tuple[PathIgnore, ...] = ()
    require_reasons: bool = False
    baseline: str | None = None
    """The path of the file of accepted findings."""

    @property
    def policy(self) -> Policy:
        """What becomes of findings."""
        base = os.path.dirname(self.path) if self.path else ""
        return Policy(self.levels, self.per_path_ignores, base, self.require_reasons)


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


def schema() -> str:
    """The JSON schema (draft 7) of the file's content as YAML reads it."""
    from importlib.resources import files

    return (files("cfglint") / "settings.schema.json").read_text(encoding="utf-8")


class _Misfit(Exception):
    """A value that does not fit, and its line where that is not its setting's own."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def load(path: str, files: Files) -> Settings:
    """Read a settings file; raises `SettingsProblem` with path and line, or `UnreadableInput`."""
    shown = files.shown(path)
    data = parse_yaml(encode(files.read(path).text), shown, typ="rt")
    if data is None:
        return Settings(path)
    if not isinstance(data, dict):
        raise SettingsProblem(shown, 1, "must be a mapping of settings, such as 'fail-on: error'")
    values: dict[str, Any] = {"path": path}
    for key, value in data.items():
        reader = _READERS.get(key) if isinstance(key, str) else None
        if reader is None:
            text = f"there is no setting {str(key)!r}; {_hint(str(key), _READERS)}"
            raise SettingsProblem(shown, line_of(data, key), text)
        try:
            values[key.replace("-", "_")] = reader(value)
        except _Misfit as misfit:
            raise SettingsProblem(shown, misfit.line or line_of(data, key), f"{key}: {misfit}") from None
    if "baseline" in values:
        values["baseline"] = os.path.join(os.path.dirname(path), values["baseline"])
    return Settings(**values)


def _hint(name: str, known: Collection[str]) -> str:
    close = nearest(name, known)
    return f"did you mean {close}?" if close else f"known are {', '.join(known)}"


def _names(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        raise _Misfit("expected a list of names")
    for number, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise _Misfit("expected a list of names", None if names is not value else line_of(value, number))
    return tuple(map(str, names))


def _checks(value: Any) -> tuple[str, ...]:
    names = _names(value)
    for number, name in enumerate(names):
        _verify(name, line_of(value, number) if isinstance(value, list) else None)
    return names


def _verify(check: str, line: int | None) -> None:
    try:
        registry.verify(check, registry.ids())
    except UsageProblem as problem:
        raise _Misfit(str(problem), line) from None


def _targets(value: Any) -> Targets:
    if not isinstance(value, dict):
        raise _Misfit("expected products and versions, such as {asterisk: '20.20'}")
    targets = Targets()
    for product, version in value.items():
        line = line_of(value, product)
        if product not in SUPPORTED:
            raise _Misfit(f"there is no product {str(product)!r}; {_hint(str(product), SUPPORTED)}", line)
        if isinstance(version, float):
            text = f"put the version in quotes: YAML reads {version} as a number, and 20.20 as 20.2"
            raise _Misfit(text, line)
        if isinstance(version, bool) or not isinstance(version, (str, int)):
            raise _Misfit(f"expected a version of {product}, such as '20.20' or '5.6'", line)
        try:
            targets = targets._replace(**{product: parse_version(product, str(version), product)})
        except UsageProblem as problem:
            raise _Misfit(str(problem), line) from None
    return targets


def _choice(value: Any, choices: Collection[str], line: int | None = None) -> str:
    if not isinstance(value, str) or value not in choices:
        raise _Misfit(f"expected one of {', '.join(choices)}", line)
    return str(value)


def _fail_on(value: Any) -> str:
    return _choice(value, FAIL_ON)


def _path(value: Any) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        raise _Misfit("expected an absolute path")
    return str(value)


def _file(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _Misfit("expected the path of a file, relative to this one")
    return str(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Misfit("expected true or false")
    return value


def _levels(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise _Misfit("expected checks and levels, such as {conf-no-equals: error}")
    for check, level in value.items():
        _verify(str(check), line_of(value, check))
        _choice(level, LEVELS, line_of(value, check))
    return tuple((str(check), str(level)) for check, level in value.items())


def _path_ignores(value: Any) -> tuple[PathIgnore, ...]:
    if not isinstance(value, dict):
        raise _Misfit("expected patterns of paths and the checks to ignore there, such as {'lab/*': [acl]}")
    rules = []
    for pattern, checks in value.items():
        line = line_of(value, pattern)
        if not isinstance(pattern, str):
            raise _Misfit(f"expected a pattern of paths, not {pattern!r}", line)
        try:
            rules.append(PathIgnore(str(pattern), _checks(checks)))
        except _Misfit as misfit:
            raise _Misfit(f"{pattern}: {misfit}", misfit.line or line) from None
    return tuple(rules)


_READERS: dict[str, Callable[[Any], Any]] = {
    "targets": _targets,
    "select": _checks,
    "ignore": _checks,
    "fail-on": _fail_on,
    "installed-at": _path,
    "exclude": _names,
    "levels": _levels,
    "per-path-ignores": _path_ignores,
    "require-reasons": _switch,
    "baseline": _file,
}
