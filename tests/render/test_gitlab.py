from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cfglint.engine import Report
from cfglint.findings import Failure
from cfglint.render.gitlab import render
from tests.render.support import finding, full, hostile, report, source
from tests.support import check_tree, write_tree


def issues(given: Report) -> list[dict[str, Any]]:
    text = "".join(render(given))
    found: list[dict[str, Any]] = json.loads(text)
    for issue in found:  # what GitLab's documentation demands
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith(("./", "/"))
        assert issue["location"]["lines"]["begin"] > 0
    assert len({issue["fingerprint"] for issue in found}) == len(found), "of two equal ones GitLab shows one"
    return found


def test_a_finding() -> None:
    (found,) = issues(report(full(source())))
    assert found.pop("fingerprint")
    assert found == {
        "description": "it is wrong (REGISTER -> 401 -> 403)",
        "check_name": "sip-transport-missing",
        "severity": "major",
        "location": {"path": "etc/sip.conf", "lines": {"begin": 4, "end": 4}},
    }


def test_equal_findings_have_fingerprints_of_their_own() -> None:
    where = source()
    levels = ("error", "warning", "info")
    found = issues(report(*(finding(where, level=level) for level in levels)))
    assert [issue["severity"] for issue in found] == ["major", "minor", "info"]


def test_what_could_not_be_done() -> None:
    first, second = issues(report(failures=[Failure("acl.conf", 3, "cannot be read"), Failure("", None, "x")]))
    assert first["description"] == "cfglint could not check everything: cannot be read"
    assert first["location"] == {"path": "acl.conf", "lines": {"begin": 3}}
    assert second["location"]["path"] == "."


def test_hostile_text_is_text_that_any_reader_takes() -> None:
    json.dumps(issues(hostile()), ensure_ascii=False).encode("utf-8")


def test_nothing_found() -> None:
    assert issues(report()) == []


def test_simulated_steps(tmp_path: Path) -> None:
    phone = "[1]\ntype=endpoint\nallow=ulaw\nauth=1\naors=1\n[1]\ntype=auth\nusername=1\npassword=x\n[1]\ntype=aor\n"
    write_tree(tmp_path, {"pjsip.conf": f"[udp]\ntype=transport\nbind=0.0.0.0\n{phone}"})
    text = "".join(render(check_tree(tmp_path, select=("pjsip-aor-max-contacts-zero",))))
    description = json.loads(text)[0]["description"]
    assert "cannot register (REGISTER -> 401 -> 403). Simulated: transport 'udp' receives it (" in description
    assert re.search(r"; aor '1' takes no registrations[^;]*pjsip.conf:13\)\Z", description)
