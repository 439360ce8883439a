"""JUnit and Checkstyle, read back with Python's own XML parser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from cfglint.engine import Report
from cfglint.findings import Failure
from cfglint.render import checkstyle, junit
from tests.render.support import finding, full, hostile, report, source
from tests.support import check_tree, write_tree

FAILURES = [Failure("acl.conf", 3, "cannot be read"), Failure("", None, "a check failed")]


def read(module: Any, given: Report, **options: str) -> Element:
    return ElementTree.fromstring("".join(module.render(given, **options)).encode("utf-8"))


def cases(given: Report, **options: str) -> list[tuple[str, str, list[str]]]:
    """Class, name and what stands inside of every test; the counts are right."""
    root = read(junit, given, **options)
    assert root.tag == "testsuites"
    (suite,) = root
    found = [(c.attrib["classname"], c.attrib["name"], [inner.tag for inner in c]) for c in suite]
    for element in (root, suite):
        assert element.attrib["tests"] == str(len(found))
        for count, tag in (("failures", "failure"), ("errors", "error")):
            assert element.attrib[count] == str(sum(tag in inside for _, _, inside in found))
    return found


def test_junit() -> None:
    where, clean = source(), source("etc/pjsip.conf")
    given = report(full(where), finding(where, level="info"), failures=FAILURES, clean=(clean,))
    name = "it is wrong [sip-transport-missing]"
    assert cases(given) == [
        ("etc/pjsip.conf", "nothing to report", []),
        ("acl.conf", "could not be checked", ["error"]),
        ("cfglint", "could not be checked", ["error"]),
        ("etc/sip.conf", name, ["failure"]),
        ("etc/sip.conf", name, ["system-out"]),
    ]


def test_junit_says_everything() -> None:
    failure = read(junit, report(full(source()))).find(".//failure")
    assert failure is not None
    assert failure.attrib == {"type": "error", "message": "it is wrong"}
    assert failure.text == (
        "etc/sip.conf:4:6: error: it is wrong\n"
        "note: the section (etc/sip.conf:3)\n"
        "note: the host [1] (etc/sip.conf:6)\n"
        "the phone sees: REGISTER -> 401 -> 403\n"
        "unsafe fix: set type=friend"
    )


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("info", 3), ("warning", 2), ("error", 1), ("never", 0)],
)
def test_junit_fails_what_the_exit_code_fails(fail_on: str, failing: int) -> None:
    where = source()
    given = report(*(finding(where, level=level) for level in ("error", "warning", "info")))
    assert [inside for _, _, inside in cases(given, fail_on=fail_on)].count(["failure"]) == failing


def test_junit_tells_the_simulated_steps(tmp_path: Path) -> None:
    phone = "[1]\ntype=endpoint\nallow=ulaw\nauth=1\naors=1\n[1]\ntype=auth\nusername=1\npassword=x\n[1]\ntype=aor\n"
    write_tree(tmp_path, {"pjsip.conf": f"[udp]\ntype=transport\nbind=0.0.0.0\n{phone}"})
    text = "".join(junit.render(check_tree(tmp_path, select=("pjsip-aor-max-contacts-zero",))))
    lines = "".join(ElementTree.fromstring(text).itertext()).splitlines()
    assert "simulated: REGISTER of 1 -> 401 -> 403 (chan_pjsip, Asterisk 22)" in lines
    assert any(re.match(r"  2\. transport 'udp' receives it \(.*pjsip.conf:1\)", line) for line in lines)


def test_checkstyle() -> None:
    one, two = source(), source("etc/pjsip.conf")
    root = read(checkstyle, report(full(one), finding(two, "host", level="info"), failures=FAILURES))
    assert root.tag == "checkstyle"
    found = [(file.attrib["name"], [dict(error.attrib) for error in file]) for file in root]
    not_checked = {"severity": "error", "source": "cfglint.not-checked"}
    check = "cfglint.sip-transport-missing"
    answered = "it is wrong (REGISTER -> 401 -> 403)"
    assert found == [
        ("acl.conf", [{"line": "3", "message": "cannot be read", **not_checked}]),
        ("cfglint", [{"line": "1", "message": "a check failed", **not_checked}]),
        ("etc/sip.conf", [{"line": "4", "column": "6", "severity": "error", "message": answered, "source": check}]),
        (
            "etc/pjsip.conf",
            [{"line": "6", "column": "1", "severity": "info", "message": "it is wrong", "source": check}],
        ),
    ]


@pytest.mark.parametrize("module", [junit, checkstyle])
def test_nothing_found(module: Any) -> None:
    assert [element.tag for element in read(module, report()).iter() if element.tag in ("testcase", "error")] == []


@pytest.mark.parametrize("module", [junit, checkstyle])
def test_hostile_text_comes_back_as_it_is_shown(module: Any) -> None:
    shown = "a%b,c:d\\x0d\\n::error::x ]]> <&\"' \\x00\\x1b\\ufffe\\uffff\\xff\\u2028\t[1](2){0}"
    values = [value for element in read(module, hostile()).iter() for value in element.attrib.values()]
    assert shown in values
    assert "etc/" + shown.replace("\\x00", "") in values


def test_characters_below_blank_never_stand_raw() -> None:
    for module in (junit, checkstyle):
        text = "".join(module.render(hostile()))
        assert [c for c in text if c < " " and c != "\n"] == []
