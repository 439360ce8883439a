from __future__ import annotations

from typing import Any

from cfglint.edits import SAFE, UNSAFE, Fix, insert
from cfglint.engine import Report
from cfglint.findings import Failure, Finding, Note
from cfglint.knowledge.versions import Targets
from cfglint.render.excerpt import MAX_WIDTH
from cfglint.render.text import Concise, render
from cfglint.source import Place, Source, place

SOURCE = Source("etc/sip.conf", "[general]\n\n[1001]\n  type=user\nsecret=geheim ; x\n")


def at(text: str, source: Source = SOURCE) -> Place:
    start = source.text.index(text)
    return place(source, start, start + len(text))


def finding(where: Place, level: str = "warning", **more: Any) -> Finding:
    return Finding("sip-check", level, "load", "it is wrong", where)._replace(**more)


def report(*findings: Finding, failures: int = 0, sources: int = 1) -> Report:
    return Report(list(findings), [Failure("x", None, "message")] * failures, [SOURCE] * sources, Targets())


def text(*findings: Finding, **options: Any) -> str:
    return "".join(render(report(*findings), **options))


def test_a_finding() -> None:
    assert text(finding(at("user"))) == (
        "etc/sip.conf:4:8: warning: it is wrong [sip-check]\n4 |   type=user\n  |        ^^^^\n\n1 warning in 1 file\n"
    )


def test_everything_a_finding_can_have() -> None:
    found = finding(
        at("user"),
        level="error",
        notes=(Note(at("1001"), "the section"), Note(at("type=user"), "the line")),
        request="REGISTER",
        answers=(401, 403),
        fix=Fix("set type=friend", (insert(SOURCE, 0, "x"),), SAFE),
    )
    assert text(found) == (
        "etc/sip.conf:4:8: error: it is wrong [sip-check]\n"
        "4 |   type=user\n"
        "  |        ^^^^\n"
        "  = note: the section (etc/sip.conf:3)\n"
        "3 | [1001]\n"
        "  |  ^^^^\n"
        "  = note: the line (etc/sip.conf:4)\n"
        "  = the phone sees: REGISTER -> 401 -> 403\n"
        "  = safe fix: set type=friend\n"
        "\n"
        "1 error in 1 file; 'cfglint fix' mends 1\n"
    )


def test_secrets_are_masked_and_the_mark_stays_in_place() -> None:
    shown = text(finding(at("geheim")), finding(at("geheim ; x")), finding(at("secret")))
    assert "geheim" not in shown
    assert "5 | secret=********\n  |        ^" in shown
    assert "5 | secret=********\n  | ^^^^^^\n" in shown


def test_an_empty_span_is_one_mark() -> None:
    assert "4 |   type=user\n  |        ^\n" in text(finding(place(SOURCE, 25, 25)))
    assert "5 | " in text(finding(place(SOURCE, len(SOURCE.text) - 1, len(SOURCE.text) - 1)))


def test_the_end_of_the_file() -> None:
    shown = text(finding(place(SOURCE, len(SOURCE.text), len(SOURCE.text))))
    assert shown.startswith("etc/sip.conf:6:1: warning")


def test_a_span_of_several_lines_is_marked_in_its_first() -> None:
    assert "3 | [1001]\n  | ^^^^^^\n" in text(finding(at("[1001]\n  type=user")))


def test_tabs_wide_lines_and_control_characters() -> None:
    source = Source("a\x1b.conf", "\thost\t=\x1b[31mred\n" + "x" * 300 + "HERE" + "y" * 300 + "\n")
    first = text(finding(at("red", source)))
    assert first.startswith("a\\x1b.conf:1:13: ")
    assert "1 |         host    =\\x1b[31mred\n" in first
    line, mark = first.splitlines()[1:3]
    assert line.index("red") == mark.index("^")
    second = text(finding(at("HERE", source))).splitlines()
    assert len(second[1]) <= MAX_WIDTH + 20
    assert second[1].index("HERE") == second[2].index("^^^^")


def test_windows_line_ends_are_not_shown() -> None:
    source = Source("a.conf", "a=b\r\nc=d\r\n")
    shown = text(finding(place(source, 0, 5)))
    assert "1 | a=b\n  | ^^^\n" in shown
    assert "\r" not in shown


def test_a_line_of_millions_of_characters() -> None:
    source = Source("a.conf", "secret=" + "x " * 10**6 + "\n")
    assert len(text(finding(place(source, 0, 6)))) < 1000
    assert len(text(finding(place(source, 10**6, 10**6 + 5)))) < 1000


def test_summary() -> None:
    safe, unsafe = (Fix("x", (insert(SOURCE, 0, "x"),), safety) for safety in (SAFE, UNSAFE))
    errors = [finding(at("user"), level="error", fix=safe), finding(at("type"), level="error", fix=unsafe)]
    info = finding(at("1001"), level="info")
    last = text(*errors, info, info).splitlines()[-1]
    assert last == "2 errors, 2 info in 1 file; 'cfglint fix' mends 1; 'cfglint fix --unsafe' also mends 1"
    assert text(errors[1]).splitlines()[-1] == "1 error in 1 file; 'cfglint fix --unsafe' mends 1"
    assert text() == "nothing to report in 1 file\n"
    assert text(quiet=True) == ""
    assert "".join(render(report(failures=1, sources=2))) == (
        "nothing to report in 2 files; not everything could be checked\n"
    )
    assert "".join(render(report(failures=1, sources=0))) == "nothing was checked\n"
    assert "".join(render(report(info, failures=1))).endswith("1 info in 1 file; not everything could be checked\n")


def test_color() -> None:
    shown = text(finding(at("user"), level="error"), color=True)
    assert "\x1b[1;31merror\x1b[0m" in shown
    assert "\x1b" not in text(finding(at("user"), level="error"))


def test_concise() -> None:
    assert "".join(Concise().part(report(finding(at("user")), finding(at("1001"), level="info")))) == (
        "etc/sip.conf:4:8: warning: it is wrong [sip-check]\netc/sip.conf:3:2: info: it is wrong [sip-check]\n"
    )
