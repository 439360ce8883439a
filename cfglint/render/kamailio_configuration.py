"""A Kamailio configuration as the server sees it, for ``cfglint show``."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from cfglint.knowledge.kamailio import module_name
from cfglint.render.printable import printable
from cfglint.resolve.kamailio.config import Config
from cfglint.secrets import mask
from cfglint.source import Place
from cfglint.syntax.kamailio.items import LoadModule, ModuleParameter, Route
from cfglint.syntax.kamailio.nodes import Number, String, Token


def as_json(config: Config) -> Iterator[str]:
    """Defines, modules, parameters, routes and includes; values as the server holds them, secrets, too."""
    yield dumps(as_data(config), indent=1) + "\n"


def as_data(config: Config) -> dict[str, Any]:
    """The configuration as plain data, in the order of the text."""
    items = config.file.items
    return {
        "defines": [
            {"name": name, "value": found.value, **(_where(found.place) if found.place else {})}
            for name, found in config.defines.items()
            if found.kind not in ("predefined", "module")
        ],
        "modules": [
            {"name": module_name(item.module.value), **_where(item.place)}
            for item in items
            if isinstance(item, LoadModule) and isinstance(item.module, String)
        ],
        "parameters": [
            {"module": _value(i.module), "name": _value(i.name), "value": _value(i.value), **_where(i.place)}
            for i in items
            if isinstance(i, ModuleParameter)
        ],
        "routes": [
            {"kind": item.kind, "name": item.name, **_where(item.place)} for item in items if isinstance(item, Route)
        ],
        "includes": [
            {"name": found.name, "found": found.source is not None, **_where(found.place)} for found in config.includes
        ],
    }


def _where(place: Place) -> dict[str, Any]:
    return {"path": place.source.path, "line": place.start.line}


def _value(token: Token | None) -> str | int | None:
    if token is None:
        return None
    return token.value if isinstance(token, String | Number) else token.text


def as_text(config: Config) -> Iterator[str]:
    """A line for each thing, with where it comes from."""
    data = as_data(config)
    for kind, words in (
        ("defines", lambda d: f"define {d['name']} {'' if d['value'] is None else d['value']}"),
        ("modules", lambda d: f"module {d['name']}"),
        ("parameters", lambda d: f"parameter {d['module']} {d['name']} = {d['value']}"),
        ("routes", lambda d: d["kind"] + (f"[{d['name']}]" if d["name"] else "")),
        ("includes", lambda d: f"include {d['name']}" + ("" if d["found"] else " (not found)")),
    ):
        for item in data[kind]:
            # Only the mark in front tells the preprocessor's words, and their secrets, from others.
            line = printable(mask("#!" + words(item)).text[2:].rstrip())
            where = f"{printable(item['path'])}:{item['line']}" if "path" in item else "the command line"
            yield f"{line.ljust(56)} # {where}\n"
