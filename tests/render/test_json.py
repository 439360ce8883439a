from __future__ import annotations

import json
from typing import Any

from cfglint import __version__
from cfglint.edits import UNSAFE, Fix, replace
from cfglint.engine import Report
from cfglint.findings import Failure, Finding, Note
from cfglint.knowledge.versions import Targets
from cfglint.render.json import render
from cfglint.source import Place, Source, place


def source(before: str = "", secret: str = "geheim", path: str = "sip.conf") -> Source:
    return Source(path, f"{before}[1001]\ntype=user\nsecret={secret}\n")


def at(where: Source, text: str) -> Place:
    start = where.text.index(text)
    return place(where, start, start + len(text))


def finding(where: Source, text: str = "user", check: str = "sip-check") -> Finding:
    return Finding(check, "error", "answer", "it is wrong", at(where, text))


def data(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads("".join(render(report)))
    return found


def test_the_whole_object() -> None:
    text = source()
    full = finding(text)._replace(
        notes=(Note(at(text, "1001"), "the section"),),
        request="REGISTER",
        answers=(401, 403),
        fix=Fix("set type=friend", (replace(at(text, "user"), "friend"),), UNSAFE),
    )
    plain = Finding("sip-other", "info", "style", "so so", at(text, "type"))
    failure = Failure("acl.conf", 3, "cannot be read")
    found = data(Report([full, plain], [failure], [text], Targets((20, 20))))
    prints = [item.pop("fingerprint") for item in found["findings"]]
    assert len(set(prints)) == 2
    start, end = {"line": 2, "column": 6}, {"line": 2, "column": 10}
    assert found == {
        "cfglint": __version__,
        "targets": {"asterisk": "20.20", "kamailio": "every supported version"},
        "findings": [
            {
                "check": "sip-check",
                "level": "error",
                "category": "answer",
                "message": "it is wrong",
                "path": "sip.conf",
                "start": start,
                "end": end,
                "request": "REGISTER",
                "answers": [401, 403],
                "notes": [
                    {
                        "path": "sip.conf",
                        "start": {"line": 1, "column": 2},
                        "end": {"line": 1, "column": 6},
                        "message": "the section",
                    }
                ],
                "fix": {
                    "title": "set type=friend",
                    "safety": "unsafe",
                    "edits": [{"path": "sip.conf", "start": start, "end": end, "replacement": "friend"}],
                },
            },
            {
                "check": "sip-other",
                "level": "info",
                "category": "style",
                "message": "so so",
                "path": "sip.conf",
                "start": {"line": 2, "column": 1},
                "end": {"line": 2, "column": 5},
                "request": None,
                "answers": None,
                "notes": [],
                "fix": None,
            },
        ],
        "failures": [{"path": "acl.conf", "line": 3, "message": "cannot be read"}],
        "summary": {"files": 1, "errors": 1, "warnings": 0, "infos": 1, "fixable": 1},
    }


def test_nothing_found() -> None:
    found = data(Report([], [], [], Targets()))
    assert found["findings"] == found["failures"] == []
    assert found["summary"] == {"files": 0, "errors": 0, "warnings": 0, "infos": 0, "fixable": 0}


def test_any_byte_is_valid_json() -> None:
    odd = Source("a\udcff\x1b\n.conf", "[\udcfe\x00\u2028]\n")
    report = Report([Finding("x", "error", "load", "\udcff", place(odd, 1, 2))], [], [odd], Targets())
    text = "".join(render(report))
    assert text.isascii()
    assert json.loads(text)["findings"][0]["path"] == odd.path


def test_an_edit_that_shows_a_secret_leaves_no_edits() -> None:
    """Half of a fix would do harm; 'cfglint fix' prints it as a patch."""
    text = source()
    edits = (replace(at(text, "user"), "friend"), replace(at(text, "geheim"), "geheim "))
    shown = data(Report([finding(text)._replace(fix=Fix("x", edits, UNSAFE))], [], [text], Targets()))
    assert shown["findings"][0]["fix"] == {"title": "x", "safety": "unsafe", "edits": []}
    assert shown["summary"]["fixable"] == 1
