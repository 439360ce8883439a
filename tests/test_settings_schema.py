"""The schema that editors are given, and the reader: what the one takes, the other takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cfglint import settings
from cfglint.errors import SettingsProblem
from cfglint.files import Files
from tests.cli.support import run

jsonschema = pytest.importorskip("jsonschema", reason="the schema is read with jsonschema, which is not installed")

SCHEMA = json.loads(settings.schema())

CHECKS = st.sampled_from(["acl", "pjsip-aor-max-contacts-zero", "unused-suppression", "conf*", "all", ""])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 24),
    st.sampled_from([5.6, 20.2, "", "20", "20.20", "24", "5.6", "5.9", "6.1.5", "6", "x", "yes"]),
    st.sampled_from([*settings.FAIL_ON, "/etc", "etc", "lab/*"]),
)
VERSIONS = st.dictionaries(st.sampled_from(["asterisk", "kamailio", "opensips"]), SCALARS, max_size=2)
LISTS = st.one_of(CHECKS, st.lists(st.one_of(CHECKS, st.integers()), max_size=2))
ANY = st.one_of(
    SCALARS,
    LISTS,
    VERSIONS,
    st.dictionaries(CHECKS.filter(bool), SCALARS, max_size=2),
    st.dictionaries(st.sampled_from(["lab", "*.conf"]), LISTS, max_size=2),
)
NAMES = st.sampled_from([*SCHEMA["properties"], "selct"])
# Names of checks are looked up by the reader alone; where one must stand, only those that exist are tried.
CHECK_SETTINGS = {"select": LISTS, "ignore": LISTS}


def value_of(name: str) -> st.SearchStrategy[tuple[str, Any]]:
    strategy: st.SearchStrategy[Any] = ANY
    if name in CHECK_SETTINGS:
        strategy = st.one_of(LISTS, st.sampled_from([None, True, 3, {}, {"acl": "info"}]))
    elif name == "levels":
        levels = st.dictionaries(CHECKS.filter(bool), SCALARS, max_size=2)
        strategy = st.one_of(levels, st.sampled_from([None, True, [], "acl"]))
    elif name == "per-path-ignores":
        strategy = st.one_of(
            st.dictionaries(st.sampled_from(["lab", "*.conf"]), LISTS, max_size=2),
            st.sampled_from([None, True, [], "acl", {"lab": {}}, {"lab": None}]),
        )
    return st.tuples(st.just(name), strategy)


DOCUMENTS = st.lists(NAMES.flatmap(value_of), max_size=2).map(dict)


@pytest.fixture
def accepts(tmp_path: Path) -> Callable[[Any], bool]:
    path = tmp_path / settings.FILE_NAME

    def accepted(document: Any) -> bool:
        path.write_text(json.dumps(document))  # JSON is YAML
        try:
            settings.load(str(path), Files())
        except SettingsProblem:
            return False
        return True

    return accepted


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@hypothesis_settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=DOCUMENTS)
def test_schema_and_reader_take_the_same(document: Any, accepts: Callable[[Any], bool]) -> None:
    assert jsonschema.Draft7Validator(SCHEMA).is_valid(document) == accepts(document)


@pytest.mark.parametrize("document", [None, {}, [], "text", 5])
def test_what_is_no_mapping(document: Any, accepts: Callable[[Any], bool]) -> None:
    assert jsonschema.Draft7Validator(SCHEMA).is_valid(document) == accepts(document)


def test_every_setting_is_in_both() -> None:
    known = {name.replace("-", "_") for name in SCHEMA["properties"]}
    assert known | {"path"} == set(settings.Settings._fields)
    assert all(rule.get("description") for rule in SCHEMA["properties"].values())


@pytest.mark.parametrize("name", [name for name, rule in SCHEMA["properties"].items() if "default" in rule])
def test_the_defaults_are_true(name: str) -> None:
    assert SCHEMA["properties"][name]["default"] == settings.Settings._field_defaults[name.replace("-", "_")]


def test_the_command_prints_it_with_the_names_of_the_checks() -> None:
    printed = json.loads(run("schema").stdout)
    jsonschema.Draft7Validator.check_schema(printed)
    assert printed["properties"] == SCHEMA["properties"]
    names = printed["definitions"]["check"]["anyOf"][0]["enum"]
    assert {"pjsip-aor-max-contacts-zero", "unexplained-suppression"} <= set(names)
    assert jsonschema.Draft7Validator(printed).is_valid({"ignore": ["pjsip", names[0]]})
    assert not jsonschema.Draft7Validator(printed).is_valid({"ignore": [""]})
