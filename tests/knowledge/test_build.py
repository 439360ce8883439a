"""The form of the data, and how it is made of extracted facts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from cfglint.knowledge import build
from cfglint.knowledge.kamailio import RELEASES

Entry = dict[str, Any]

STORED = build.stored()
CORE: Entry = json.loads(build.CORE.read_text(encoding="utf-8"))

FLAGS = {
    *("REQUEST", "FAILURE", "TM_ONREPLY", "CORE_ONREPLY", "ONREPLY", "BRANCH", "ONSEND"),
    *("ERROR", "LOCAL", "BRANCH_FAILURE", "EVENT"),
}


def is_range(value: Any) -> bool:
    return isinstance(value, str) and RELEASES.render(RELEASES.parse(value)) == value and value != "5.4+"


def is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def is_true(value: Any) -> bool:
    return value is True


def is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_text, value))


def is_counts(value: Any) -> bool:
    return isinstance(value, list) and value == sorted(set(value)) and all(n in range(7) for n in value)


def one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: value in values


VERSIONS = {"versions": is_range}
FACTS: dict[str, dict[str, Any]] = {
    "parameters": {
        "type": one_of("int", "string", "both"),
        "func": is_true,
        "default": lambda value: isinstance(value, int | str),
        "doc_default": lambda value: isinstance(value, int),
        "deprecated": is_true,
        "undoc": is_true,
        "renamed_to": is_text,
        "if": is_text,
    },
    "functions": {
        "args": lambda value: value == "any" or (is_counts(value) and value),
        "routes": lambda value: value == "ANY" or set(value.split("|")) <= FLAGS,
        "undoc": is_true,
        "if": is_text,
        "shadowed": is_range,
    },
    "arguments": {
        "count": lambda value: value in range(1, 7),
        "kinds": lambda value: re.fullmatch(r"[fnir.]*[fnir]", value) is not None and len(value) < 7,
        "constant": is_true,
    },
    "variables": {"set": is_true, "inner": is_true, "index": is_true},
    "settings": {"type": one_of("int", "str")},
    "event_routes": {},
}
CORE_FACTS: dict[str, dict[str, Any]] = {
    "settings": FACTS["settings"],
    "event_routes": {},
    "functions": {"n": is_counts, "noparen": is_true, "alias_of": is_text},
    "globals": {
        "value": one_of("int", "bool", "string", "id", "string|id", "other"),
        "kinds": is_names,
        "alias_of": is_text,
        "renamed_to": is_text,
    },
    "keywords": {"token": is_text},
    "preprocessor": {"token": is_text},
    "transformations": {"module": is_text, "args": is_counts, "broken": is_true, "raw": is_true},
    "value_words": {"value": is_text},
    "variables": FACTS["variables"],
}
NEEDED = {"parameters": {"type"}, "functions": {"args", "routes"}, "settings": {"type"}}
HEAD: dict[str, Callable[[Any], bool]] = {
    "versions": is_range,
    "export": is_text,
    "helper": is_true,
    "renamed_to": lambda value: value in STORED,
    "required_parameters": is_names,
    "required_event_routes": is_names,
    "starts_alone": lambda value: all(re.fullmatch(r"\d\.\d\.\d", k) and v in (True, False) for k, v in value.items()),
    "dependencies": lambda value: all(map(is_dependency, value, value.values())),
}


def is_dependency(name: str, entry: Entry) -> bool:
    return (name == "@db" or name in STORED) and faults(
        [entry], {"need": one_of("hard", "documented", "conditional", "optional"), "measured": is_true, **VERSIONS}
    ) == []


def faults(entries: Any, form: dict[str, Any], needed: Collection[str] = ()) -> list[Any]:
    """The entries of a name that are not of their form."""
    if not isinstance(entries, list) or not entries:
        return [entries]
    return [
        entry
        for entry in entries
        if not set(needed) <= set(entry) or not all(key in form and form[key](value) for key, value in entry.items())
    ]


@pytest.mark.parametrize("name", STORED)
def test_module_is_of_its_form(name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    for key, value in STORED[name].items():
        if key in FACTS:
            form = {**FACTS[key], **VERSIONS}
            assert [fault for facts in value.values() for fault in faults(facts, form, NEEDED.get(key, set()))] == []
        else:
            assert HEAD[key](value), key


def test_core_is_of_its_form() -> None:
    assert set(CORE) == {*CORE_FACTS, "limits", "route_types"}
    for section, form in CORE_FACTS.items():
        found = [fault for facts in CORE[section].values() for fault in faults(facts, {**form, **VERSIONS})]
        assert found == [], section
    assert set(CORE["route_types"]) >= {"request_route", "failure_route", "onreply_route", "event_route"}


@pytest.mark.parametrize("name", STORED)
def test_variants_of_a_parameter_share_no_release(name: str) -> None:
    lifetime = RELEASES.parse(STORED[name].get("versions", "5.4+"))
    for parameter, variants in STORED[name].get("parameters", {}).items():
        held = [RELEASES.parse(v["versions"]) if "versions" in v else lifetime for v in variants]
        assert sum(map(len, held)) == len(frozenset().union(*held)), parameter
        assert frozenset().union(*held) <= lifetime, parameter


def test_files_are_as_they_would_be_written() -> None:
    for name, module in STORED.items():
        assert (build.MODULES / f"{name}.json").read_text(encoding="utf-8") == build.render(module), name
    assert build.CORE.read_text(encoding="utf-8") == build.render(CORE)


def test_index_fits_the_modules() -> None:
    text = build.INDEX.read_text(encoding="utf-8")
    assert text == build.render(build.index(STORED)), "run python -m cfglint.knowledge.build"


# ------------------------------------------------------------------------------------------- from extracted facts


def facts_of(**module: Any) -> Entry:
    """Facts as they are extracted, of one module."""
    given = {"dir": "m", "so": "m.so", "name": "m", "v": list(RELEASES.names), "deps": {}, "pvs": {}}
    return {"modules": {"m": {"params": {}, "functions": {}, **given, **module}}}


def test_entry_a_line() -> None:
    document = {"parameters": {"b": [{"type": "int"}], "a": [{"type": "string", "func": True}]}, "export": "x"}
    assert build.render(document) == (
        '{\n  "export": "x",\n  "parameters": {\n    "a": [{"func": true, "type": "string"}],\n'
        '    "b": [{"type": "int"}]\n  }\n}\n'
    )
    assert json.loads(build.render({})) == {}


def test_name_listed_twice_takes_both_types() -> None:
    found = build.modules(facts_of(params={"p": [{"type": "string"}, {"type": "int", "default": -1}]}))
    assert found["m"]["parameters"]["p"] == [{"type": "both", "default": -1}]


def test_default_that_changed_makes_variants() -> None:
    old = {"type": "int", "default": 1, "default_was": {"5.4-5.7": 2}}
    found = build.modules(facts_of(params={"p": [old]}))
    assert found["m"]["parameters"]["p"] == [
        {"type": "int", "default": 2, "versions": "5.4-5.7"},
        {"type": "int", "default": 1, "versions": "5.8+"},
    ]


def test_signatures_that_differ_in_count_alone_become_one() -> None:
    given = [{"n": 1, "routes": "ANY"}, {"n": 2, "routes": "ANY"}, {"n": 3, "routes": "REQUEST", "v": ["6.1"]}]
    found = build.modules(facts_of(functions={"f": given, "g": [{"n": "var", "routes": "ANY"}]}))
    assert found["m"]["functions"] == {
        "f": [{"args": [1, 2], "routes": "ANY"}, {"args": [3], "routes": "REQUEST", "versions": "6.1"}],
        "g": [{"args": "any", "routes": "ANY"}],
    }


def test_releases_of_the_module_bound_the_index() -> None:
    found = build.modules(facts_of(v=["5.4", "5.5"], functions={"f": [{"n": 1, "routes": "ANY"}]}))
    assert found["m"]["versions"] == "5.4-5.5"
    assert build.index(found)["functions"] == {"f": {"m": "5.4-5.5"}}


def test_unknown_fact_is_not_dropped_in_silence() -> None:
    with pytest.raises(ValueError, match="surprise"):
        build.modules(facts_of(surprise=1))
    with pytest.raises(ValueError, match="surprise"):
        build.modules(facts_of(params={"p": [{"type": "int", "surprise": 1}]}))


def test_facts_of_other_releases_are_refused(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"meta": {"versions": ["7.0"]}}), encoding="utf-8")
    with pytest.raises(SystemExit):
        build.main([str(facts)])
