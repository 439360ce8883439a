"""Read back as the runner of GitHub Actions does (actions/runner: ActionCommand.cs)."""

from __future__ import annotations

import re

from cfglint.engine import Report
from cfglint.findings import Failure
from cfglint.render.github import render
from cfglint.source import place
from tests.render.support import finding, full, hostile, report, source


def commands(given: Report) -> list[tuple[str, dict[str, str], str]]:
    """Name, properties and message of every command."""
    found = []
    for line in "".join(render(given)).removesuffix("\n").split("\n"):
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match is not None, line
        listed = dict(item.split("=", 1) for item in match[2].split(","))
        properties = {key: unescaped(value.replace("%3A", ":").replace("%2C", ",")) for key, value in listed.items()}
        found.append((match[1], properties, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_a_finding() -> None:
    assert commands(report(full(source()))) == [
        (
            "error",
            {
                "file": "etc/sip.conf",
                "line": "4",
                "endLine": "4",
                "col": "6",
                "endColumn": "10",
                "title": "cfglint: sip-transport-missing",
            },
            "etc/sip.conf:4:6: it is wrong\n"
            "note: the section (etc/sip.conf:3)\n"
            "note: the host [1] (etc/sip.conf:6)\n"
            "the phone sees: REGISTER -> 401 -> 403\n"
            "unsafe fix: set type=friend",
        )
    ]


def test_the_worst_come_first() -> None:
    where = source()
    levels = ("info", "warning", "error", "info", "error")
    found = commands(report(*(finding(where, level=level) for level in levels)))
    assert [name for name, _, _ in found] == ["error", "error", "warning", "notice", "notice"]


def test_a_span_of_several_lines_has_no_columns() -> None:
    where = source()
    ((_, properties, _),) = commands(report(finding(where, place=place(where, 2, 20))))
    assert properties == {
        "file": "etc/sip.conf",
        "line": "1",
        "endLine": "4",
        "title": "cfglint: sip-transport-missing",
    }


def test_what_could_not_be_done() -> None:
    found = commands(report(failures=[Failure("acl.conf", 3, "cannot be read"), Failure("", None, "a check failed")]))
    title = "cfglint could not check everything"
    assert found == [
        ("error", {"file": "acl.conf", "line": "3", "title": title}, "cannot be read"),
        ("error", {"title": title}, "a check failed"),
    ]


def test_hostile_text_stays_one_command() -> None:
    failure, found = commands(hostile())
    assert [failure[0], found[0]] == ["error", "error"]
    assert found[1]["file"].startswith("etc/a%b,c:d\\x0d\\n::error::x ")
    assert "\x1b" not in found[2]


def test_nothing_found() -> None:
    assert list(render(report())) == []
