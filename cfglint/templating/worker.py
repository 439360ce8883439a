"""Renders templates in a process of its own, which may use so much memory and time and no more.

Read from standard input is one JSON object: ``files`` (path to text), ``variables``, and how many ``seconds`` and bytes
of ``memory`` rendering may take. Written is one JSON object a line: ``{"path", "text"}`` or ``{"at", "line", "error",
"assumed", "syntax"}`` for each file, and behind each rendering ``{"pinned", "labels"}``: number of an unknown value to
what it was assumed to equal, and the names of all.
"""

from __future__ import annotations

import json
import resource
import sys
import traceback
from typing import Any

from jinja2.exceptions import TemplateSyntaxError

from cfglint.templating.environment import HEADER, MAX_CHARACTERS, Environment, TooLong
from cfglint.templating.marks import FOREIGN, UNKNOWN
from cfglint.templating.unknown import Assumptions, Unknown


def main() -> None:
    """Render everything."""
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (asked["memory"], asked["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    assumptions = Unknown.assumptions = Assumptions()
    variables = {name: _known(value, name) for name, value in asked["variables"].items()}
    environment = Environment(asked["files"], variables, assumptions)
    rendering = 0
    while rendering == 0 or rendering < assumptions.renderings:
        assumptions.begin(rendering)
        for path in asked["files"]:
            _say(**_rendered(environment, path))
        pinned = {assumptions.number(label): str(value) for label, value in assumptions.pinned.items()}
        rendering += 1
        _say(pinned=pinned, labels=list(assumptions.labels))


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _known(value: Any, label: str) -> Any:
    """A variable's value, whatever in it nobody knows made an unknown one."""
    if isinstance(value, str):
        return Unknown.of(label) if value == UNKNOWN else FOREIGN.sub("", value)
    if isinstance(value, dict):
        return {key: _known(item, f"{label}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_known(item, f"{label}[{number}]") for number, item in enumerate(value)]
    return value


def _rendered(environment: Environment, path: str) -> dict[str, Any]:
    text, before = environment.files[path], environment.assumptions.consulted
    foreign = FOREIGN.search(text)
    if foreign is not None:
        line = text.count("\n", 0, foreign.start()) + 1
        return _failed(environment, path, line, "holds a character of Unicode's private area")
    try:
        return {"path": path, "text": environment.render_file(path)}
    except TemplateSyntaxError as error:
        where = error.filename if error.filename in environment.files else path
        return {**_failed(environment, where, error.lineno, error.message or "is no template"), "syntax": True}
    except Exception as error:  # noqa: BLE001 - an expression of a template can fail in any way
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in environment.files]
        where, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else (path, 0)
        assumed = environment.assumptions.consulted != before and not isinstance(error, _LIMITS)
        return _failed(environment, where, line, _reason(error), assumed)


_LIMITS = (TooLong, MemoryError, RecursionError)


def _reason(error: Exception) -> str:
    if isinstance(error, TooLong):
        return f"becomes longer than {MAX_CHARACTERS // 1024**2} MiB"
    if isinstance(error, MemoryError):
        return "takes too much memory"
    if isinstance(error, RecursionError):
        return "includes itself, or nests too deep"
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _failed(environment: Environment, path: str, line: int, error: str, assumed: bool = False) -> dict[str, Any]:
    """Why a template does not render; `line` counts without Ansible's own first line, 0 is none."""
    if line and HEADER.match(environment.files[path]):
        line += 1
    return {"at": path, "line": line or 1, "error": FOREIGN.sub("?", error), "assumed": assumed, "syntax": False}
