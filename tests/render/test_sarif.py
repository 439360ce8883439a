"""Held against the schema: 2.1.0-rtm.5 as SchemaStore publishes it, taken from npm's @microsoft/jest-sarif (MIT)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cfglint import __version__, registry
from cfglint.edits import SAFE, Fix, insert, replace
from cfglint.engine import Report
from cfglint.findings import Failure
from cfglint.notices import NOTICES
from cfglint.render.sarif import render
from tests.render.support import at, finding, full, hostile, report, source
from tests.support import check_tree, write_tree

jsonschema = pytest.importorskip("jsonschema", reason="the schema is read with jsonschema, which is not installed")

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)


def log(given: Report) -> dict[str, Any]:
    """The log as a reader sees it, which is valid."""
    text = "".join(render(given))
    text.encode("utf-8")  # no lone surrogate
    found: dict[str, Any] = json.loads(text)
    json.dumps(found, ensure_ascii=False).encode("utf-8")
    VALIDATOR.validate(found)
    return found


def run(given: Report) -> dict[str, Any]:
    (only,) = log(given)["runs"]
    return dict(only)


def result(given: Report) -> dict[str, Any]:
    (only,) = run(given)["results"]
    return dict(only)


def test_the_validator_refuses_what_is_wrong() -> None:
    broken = log(report(finding(source())))
    del broken["runs"][0]["results"][0]["message"]
    assert not VALIDATOR.is_valid(broken)


def test_the_whole_result() -> None:
    found = result(report(full(source())))
    assert len(found["partialFingerprints"].pop("cfglint/v1")) == 20
    where = {"uri": "etc/sip.conf", "uriBaseId": "%SRCROOT%"}
    user = {"startLine": 4, "startColumn": 6, "endLine": 4, "endColumn": 10}
    section = {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 6}
    host = {"startLine": 6, "startColumn": 1, "endLine": 6, "endColumn": 5}
    assert found == {
        "ruleId": "sip-transport-missing",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "it is wrong. The phone sees REGISTER -> 401 -> 403."
            " Note: [the section](1). Note: [the host \\[1\\]](2)."
        },
        "locations": [{"physicalLocation": {"artifactLocation": where, "region": user}}],
        "partialFingerprints": {},
        "properties": {"category": "answer"},
        "relatedLocations": [
            {
                "id": 1,
                "message": {"text": "the section"},
                "physicalLocation": {"artifactLocation": where, "region": section},
            },
            {
                "id": 2,
                "message": {"text": "the host [1]"},
                "physicalLocation": {"artifactLocation": where, "region": host},
            },
        ],
        "fixes": [
            {
                "description": {"text": "set type=friend (unsafe)"},
                "artifactChanges": [
                    {
                        "artifactLocation": where,
                        "replacements": [{"deletedRegion": user, "insertedContent": {"text": "friend"}}],
                    }
                ],
            }
        ],
    }


def test_the_run() -> None:
    found = run(report(finding(source())))
    assert found["columnKind"] == "unicodeCodePoints"
    assert found["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert found["tool"]["driver"]["semanticVersion"] == __version__


def test_nothing_found() -> None:
    assert run(report())["results"] == []


def test_levels() -> None:
    where = source()
    given = report(*(finding(where, level=level) for level in ("error", "warning", "info")))
    assert [found["level"] for found in run(given)["results"]] == ["error", "warning", "note"]


def test_what_could_not_be_done() -> None:
    found = run(report(failures=[Failure("acl.conf", 3, "cannot be read"), Failure("", None, "a check failed")]))
    (invocation,) = found["invocations"]
    assert invocation["executionSuccessful"] is False
    first, second = invocation["toolExecutionNotifications"]
    assert first["message"]["text"] == "cannot be read"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "acl.conf", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3},
    }
    assert "locations" not in second


def test_every_rule_is_one_that_github_takes() -> None:
    """https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support"""
    ids = [registered.id for registered in registry.every()] + [notice.id for notice in NOTICES]
    where = source()
    found = run(report(*(finding(where, check=name) for name in ids)))
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(ids)
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")
        severity = rule["properties"].get("security-severity")
        assert (severity is not None) == (rule["properties"]["tags"] == ["security"])
        assert severity is None or 0 < float(severity) <= 10
    for given in found["results"]:
        assert rules[given["ruleIndex"]]["id"] == given["ruleId"]


def test_real_findings() -> None:
    for folder in ("sip", "pjsip"):
        assert run(check_tree(ROOT / "fixtures" / folder))["results"]


@pytest.mark.parametrize(
    ("replacement", "text"),
    [("geheim", "geheim"), ("type=user\nsecret=other", "type=user"), ("x\udcff", "user")],
    ids=["a secret", "a line with a secret", "no UTF-8"],
)
def test_a_change_that_cannot_be_told_is_left_out(replacement: str, text: str) -> None:
    where = source()
    fix = Fix("x", (replace(at(where, text), replacement),), SAFE)
    assert "fixes" not in result(report(finding(where, fix=fix)))


def test_a_fix_without_changes_is_left_out() -> None:
    """One empty list of changes, and GitHub refuses the whole log."""
    assert "fixes" not in result(report(finding(source(), fix=Fix("x", (), SAFE))))


def test_a_fix_of_several_files() -> None:
    one, two = source("a"), source("b")
    edits = (insert(two, 0, "1"), insert(one, 0, "2"), insert(two, 5, "3"))
    (fix,) = result(report(finding(one, fix=Fix("x", edits, SAFE))))["fixes"]
    assert [
        (change["artifactLocation"]["uri"], [r["insertedContent"]["text"] for r in change["replacements"]])
        for change in fix["artifactChanges"]
    ] == [("b", ["1", "3"]), ("a", ["2"])]


def test_hostile_text() -> None:
    found = result(hostile())
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)
    assert "\\x1b" in found["message"]["text"]
    links = re.findall(r"(?<!\\)\]\((\d+)\)", found["message"]["text"])
    assert links == ["1"], "that of the note, and none that the text makes"
    assert "/etc/" not in found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_file_outside_of_the_repository() -> None:
    uri = result(report(finding(source("/nosuch/ä b.conf"))))["locations"][0]["physicalLocation"]["artifactLocation"]
    assert uri == {"uri": "file:///nosuch/%C3%A4%20b.conf"}


def test_a_question_ends_with_its_mark() -> None:
    assert result(report(finding(source(), message="did you mean x?")))["message"]["text"] == "did you mean x?"


def test_fingerprints_survive_moved_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same defects, with lines inserted above and the file checked from another directory."""
    (tmp_path / ".git").mkdir()
    text = "[a]\ntype=friend\nhost dynamic\n[b]\ntype=friend\nhost dynamic\n"
    prints = []
    for above, folder in (("", "."), ("; a remark\n\n", "t")):
        write_tree(tmp_path, {"t/sip.conf": above + text})
        monkeypatch.chdir(tmp_path / folder)
        results = run(check_tree(tmp_path / "t", select=("conf-no-equals",)))["results"]
        prints.append([found["partialFingerprints"] for found in results])
    assert prints[0] == prints[1]
    assert len(prints[0]) == 2
    assert prints[0][0] != prints[0][1]


def test_simulated_steps(tmp_path: Path) -> None:
    phone = "[1]\ntype=endpoint\nallow=ulaw\nauth=1\naors=1\n[1]\ntype=auth\nusername=1\npassword=x\n[1]\ntype=aor\n"
    write_tree(tmp_path, {"pjsip.conf": f"[udp]\ntype=transport\nbind=0.0.0.0\n{phone}"})
    found = result(check_tree(tmp_path, select=("pjsip-aor-max-contacts-zero",)))
    (flow,) = found["codeFlows"]
    assert flow["message"]["text"] == "simulated: REGISTER of 1 -> 401 -> 403 (chan_pjsip, Asterisk 22)"
    steps = flow["threadFlows"][0]["locations"]
    assert steps[0]["location"]["message"]["text"].endswith("without credentials; transport 'udp' receives it")
    assert steps[0]["location"]["physicalLocation"]["region"]["startLine"] == 1
    assert steps[-1]["importance"] == "essential"
    assert steps[-1]["location"]["physicalLocation"]["region"] == found["locations"][0]["physicalLocation"]["region"]


def test_a_finding_without_evidence_has_no_flow() -> None:
    assert "codeFlows" not in result(report(full(source())))
