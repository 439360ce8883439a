from __future__ import annotations

import json

from cfglint import registry
from cfglint.findings import CATEGORIES, LEVELS
from cfglint.notices import NOTICES
from tests.cli.support import run

IDS = [registered.id for registered in registry.every()]


def test_as_text() -> None:
    result = run("rules")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [row[0] for row in rows] == [*IDS, *(notice.id for notice in NOTICES)]
    assert {row[1] for row in rows} <= set(LEVELS)
    assert all(len(row) > 3 for row in rows)


def test_as_json() -> None:
    rows = json.loads(run("rules", "-f", "json").stdout)
    assert [row["id"] for row in rows] == [*IDS, *(notice.id for notice in NOTICES)]
    for row in rows:
        assert set(row) == {"id", "level", "category", "summary", "fixable"}
        assert row["level"] in LEVELS
        assert row["category"] in CATEGORIES
        assert row["summary"]
        assert isinstance(row["fixable"], bool)


def test_those_of_a_beginning() -> None:
    rows = json.loads(run("rules", "acl-named", "conf-no-equals", "-f", "json").stdout)
    assert [row["id"] for row in rows] == [i for i in IDS if i.startswith("acl-named-") or i == "conf-no-equals"]
    assert len(rows) > 2


def test_a_beginning_of_nothing() -> None:
    result = run("rules", "pjsp")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("cfglint: there is no check 'pjsp'; ")
