"""Writes the data of `cfglint.knowledge.kamailio`.

``python -m cfglint.knowledge.build FACTS`` writes all of it anew from a file of facts that were extracted from the
server's source. ``python -m cfglint.knowledge.build`` alone puts the files ``kamailio-*`` in their form and writes
the reverse index anew: do that after editing one of them by hand.

The data is one JSON file per module and one for the core. Every entry stands in a line of its own, sorted, so that a
change of the server is a few lines of difference. A fact without ``versions`` holds as long as its module exists.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cfglint.knowledge.kamailio import RELEASES
from cfglint.knowledge.storage import FOLDER

CORE, INDEX = Path(FOLDER, "kamailio-core.json"), Path(FOLDER, "kamailio-index.json")
MODULES = Path(FOLDER, "kamailio-modules")

Entry = dict[str, Any]


def render(document: Mapping[str, Any]) -> str:
    """The text of a data file: sections sorted, an entry of a section per line."""
    parts = []
    for key in sorted(document):
        value = document[key]
        if isinstance(value, dict):
            lines = [f"    {json.dumps(name)}: {_line(value[name])}" for name in sorted(value)]
            parts.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n  }" if lines else "")
        else:
            parts.append(f"  {json.dumps(key)}: {_line(value)}")
    return "{\n" + ",\n".join(filter(None, parts)) + "\n}\n" if parts else "{}\n"


def index(modules: Mapping[str, Entry]) -> Entry:
    """The reverse index: which modules export a name, and in which releases."""
    found: Entry = {"modules": {}, **{section: {} for section in INDEXED}}
    for name, module in modules.items():
        lifetime = module.get("versions")
        kept = {key: module[key] for key in ("versions", "export", "helper", "renamed_to") if key in module}
        found["modules"][name] = kept
        for section in INDEXED:
            for item, facts in module.get(section, {}).items():
                held = [fact.get("versions", lifetime) for fact in (facts if isinstance(facts, list) else [facts])]
                inside = RELEASES.parse(lifetime) if lifetime else RELEASES.all
                versions = frozenset().union(*(RELEASES.parse(h) if h else RELEASES.all for h in held)) & inside
                found[section].setdefault(item, {})[name] = (
                    "" if versions == RELEASES.all else RELEASES.render(versions)
                )
    return found


INDEXED = ("event_routes", "functions", "parameters", "settings", "variables")
"""The sections of a module that the reverse index covers."""


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


# ------------------------------------------------------------------------------------------- from extracted facts


def modules(facts: Mapping[str, Any]) -> Entry:
    """The data of each module by name."""
    return {name: _module(name, dict(module)) for name, module in facts["modules"].items()}


def core(facts: Mapping[str, Any]) -> Entry:
    """The data of the core."""
    given = facts["core"]
    return {
        "settings": _each(given["cfgvars"], "type"),
        "event_routes": _each(given["event_routes"]),
        "functions": {n: [_core_function(dict(v)) for v in variants] for n, variants in given["functions"].items()},
        "globals": _each(given["globals"], "value", "kinds", "alias_of", "renamed_to"),
        "keywords": _each(given["keywords"], "token"),
        "limits": {name: limit["value"] for name, limit in given["limits"].items()},
        "preprocessor": _each(given["preprocessor"], "token"),
        "route_types": given["route_types"],
        "transformations": dict(_transformations(facts["transformations"])),
        "value_words": _each(given["value_words"], "value"),
        "variables": _each(given["pvs"], "set", "inner", "index"),
    }


def _module(name: str, module: Entry) -> Entry:
    if module.pop("dir") != name or module.pop("so") != f"{name}.so":
        raise ValueError(f"{name}: neither the directory nor the file may differ from the name")
    lifetime = frozenset(module.pop("v"))
    found: Entry = {"export": module.pop("name"), "versions": RELEASES.render(lifetime)}
    if found["export"] == name:
        del found["export"]
    if lifetime == RELEASES.all:
        del found["versions"]
    found["parameters"] = {n: _parameter(variants, lifetime) for n, variants in module.pop("params").items()}
    found["functions"] = {n: _signatures(variants) for n, variants in module.pop("functions").items()}
    found["variables"] = _each(module.pop("pvs"), "set", "inner", "index")
    found["settings"] = _each(module.pop("cfgvars", {}), "type")
    found["event_routes"] = _each(module.pop("event_routes", {}))
    found["dependencies"] = {n: _dependency(dict(need)) for n, need in module.pop("deps").items()}
    for old, new in _RENAMED_KEYS.items():
        if old in module:
            found[new] = module.pop(old)
    if module:
        raise ValueError(f"{name}: nothing is known of {', '.join(module)}")
    return {key: value for key, value in found.items() if value != {}}


_RENAMED_KEYS = {
    "helper": "helper",
    "init_alone": "starts_alone",
    "renamed_to": "renamed_to",
    "required_event_routes": "required_event_routes",
    "required_params": "required_parameters",
}


def _each(given: Mapping[str, Any], *keys: str) -> Entry:
    """Entries whose keys are taken over as they are; a single variant becomes a list of one."""
    return {
        n: [_taken(dict(v), *keys) for v in (item if isinstance(item, list) else [item])] for n, item in given.items()
    }


def _taken(fact: Entry, *keys: str) -> Entry:
    found = {key: fact.pop(key) for key in keys if key in fact}
    if "v" in fact:
        found["versions"] = RELEASES.render(fact.pop("v"))
    if fact:
        raise ValueError(f"nothing is known of {', '.join(fact)}")
    return found


def _core_function(fact: Entry) -> Entry:
    del fact["args"]  # the token kinds of its arguments are the grammar's business
    return _taken(fact, "n", "noparen", "alias_of")


def _dependency(fact: Entry) -> Entry:
    measured = "probe" in fact.pop("src")
    found = _taken(fact, "need")
    return {**found, "measured": True} if measured else found


def _transformations(given: Mapping[str, Any]) -> Iterator[tuple[str, list[Entry]]]:
    for name, group in given.items():
        for function, fact in group["names"].items():
            fact = {"v": group["v"], **fact}
            if frozenset(fact["v"]) == RELEASES.all:
                del fact["v"]
            yield f"{name}.{function}", [{"module": group["module"], **_taken(fact, "args", "broken", "raw")}]


def _signatures(variants: list[Entry]) -> list[Entry]:
    """Signatures that differ in their argument count alone become one."""
    found: dict[str, Entry] = {}
    for variant in variants:
        fact = dict(variant)
        count = fact.pop("n")
        if "shadowed_by_keyword" in fact:
            fact["shadowed"] = RELEASES.render(fact.pop("shadowed_by_keyword"))
        same = _taken(fact, "routes", "undoc", "if", "shadowed")
        found.setdefault(_line(same), {"args": [], **same})["args"].append(count)
    return [{**entry, "args": "any" if entry["args"] == ["var"] else entry["args"]} for entry in found.values()]


def _parameter(variants: list[Entry], lifetime: frozenset[str]) -> list[Entry]:
    """Variants with disjoint releases: a name that is listed twice takes both types, a default that changed parts."""
    found: dict[str, tuple[Entry, list[str]]] = {}
    for release in RELEASES.names:
        held = [_of_release(dict(v), release) for v in variants if release in v.get("v", lifetime)]
        if held:
            merged = {**held[-1], **held[0]}
            if len({fact["type"] for fact in held}) > 1:
                merged["type"] = "both"
            found.setdefault(_line(merged), (merged, []))[1].append(release)
    return [
        entry if lifetime == frozenset(versions) else {**entry, "versions": RELEASES.render(versions)}
        for entry, versions in found.values()
    ]


def _of_release(fact: Entry, release: str) -> Entry:
    """A parameter as it is in one release."""
    for key in ("v", "ctype", "seen_in"):
        fact.pop(key, None)
    for versions, default in fact.pop("default_was", {}).items():
        if release in RELEASES.parse(versions):
            fact.pop("doc_default", None)
            fact["default"] = default
    return _taken(fact, "type", "func", "default", "doc_default", "deprecated", "undoc", "renamed_to", "if")


def stored() -> Entry:
    """The data of each module by name, as the files have it."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(MODULES.glob("*.json"))}


def write(path: Path, document: Mapping[str, Any]) -> None:
    """Write a data file."""
    path.write_text(render(document), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Write the data files."""
    if arguments:
        facts = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        if tuple(facts["meta"]["versions"]) != RELEASES.names:
            raise SystemExit(f"{arguments[0]} covers {facts['meta']['versions']}, cfglint {RELEASES.names}")
        found, kernel = modules(facts), core(facts)
        for name, module in stored().items():  # what arguments are was tried with a server, not read in its source
            if name in found and "arguments" in module:
                found[name]["arguments"] = module["arguments"]
        for path in MODULES.glob("*.json"):
            path.unlink()
    else:
        found, kernel = stored(), json.loads(CORE.read_text(encoding="utf-8"))
    for name, module in found.items():
        write(MODULES / f"{name}.json", module)
    write(CORE, kernel)
    write(INDEX, index(found))


if __name__ == "__main__":
    main(sys.argv[1:])
