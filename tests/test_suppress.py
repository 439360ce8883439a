from __future__ import annotations

import pytest

from cfglint.findings import Finding
from cfglint.notices import UNEXPLAINED_SUPPRESSION, UNUSED_SUPPRESSION
from cfglint.source import Source, place
from cfglint.suppress import Suppression, apply, comments


def finding(source: Source, check: str, line: int) -> Finding:
    start = source.line_starts[line - 1]
    return Finding(check, "warning", "load", "message", place(source, start, start + 1))


def found(text: str, language: str = "asterisk") -> list[tuple[tuple[str, ...], int]]:
    return [(s.checks, s.line) for s in comments(Source("x", text), language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b ; cfglint: ignore[one] because\n", [(("one",), 1)]),
        ("\n  ; cfglint: ignore[one]\na=b\n", [(("one",), 3)]),
        ("; cfglint: ignore[one, two ,]\n", [(("one", "two"), 2)]),
        ("; cfglint:ignore-file[one]\n", [(("one",), 0)]),
        ("a=b\n\n;note; cfglint: ignore-file[one]", [(("one",), 0)]),
        ("; cfglint: ignore[]\n", [((), 2)]),
        (";-- cfglint: ignore[one] --;\n", [(("one",), 2)]),
        ("; cfglint: ignore[one]\r\n", [(("one",), 2)]),
        ("; cfglint: ignore\n; cfglint: ignore[one\n; xcfglint: ignore[one]\ncfglint: ignore[one]\n", []),
        ("a=b # cfglint: ignore[one]\n", []),
        ("a=b // cfglint: ignore[one]\n", []),
        ("secret=x\\; cfglint: ignore[one]\n", []),
        ("secret=x\\; cfglint: ignore[one] ; cfglint: ignore[two]\n", [(("two",), 1)]),
        ('a="; cfglint: ignore[one]"\n', [(("one",), 1)]),
        ("; one\n; cfglint: ignore[one]\n; cfglint: ignore[two]", [(("one",), 3), (("two",), 4)]),
    ],
)
def test_comments_in_asterisks_files(text: str, expected: list[tuple[tuple[str, ...], int]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("exit; # cfglint: ignore[one]\n", [(("one",), 1)]),
        ("exit; // cfglint: ignore[one]\n", [(("one",), 1)]),
        ("# cfglint: ignore[one]\nexit;\n", [(("one",), 2)]),
        ('xlog("# cfglint: ignore[one]");\n', []),
        ("xlog('// cfglint: ignore[one]');\n", []),
        ('xlog("a \\" # cfglint: ignore[one]");\n', []),
        ('xlog("a"); # cfglint: ignore[one]\n', [(("one",), 1)]),
        ("# it's \"this: cfglint: ignore[one]\n", [(("one",), 2)]),
        ("exit; ; cfglint: ignore[one]\n", []),
        ("exit; /* cfglint: ignore[one] why */\n", [(("one",), 1)]),
        ("/* cfglint: ignore[one] */\nexit;\n", [(("one",), 2)]),
        ("/* cfglint: ignore[one] */ exit;\n", [(("one",), 1)]),
        ('xlog("/* cfglint: ignore[one] */");\n', []),
    ],
)
def test_comments_in_kamailios_files(text: str, expected: list[tuple[tuple[str, ...], int]]) -> None:
    assert found(text, "kamailio") == expected


def test_the_reason_ends_where_the_comment_ends() -> None:
    (one,) = comments(Source("kamailio.cfg", "/* cfglint: ignore[a] as it is */ exit;\n"), "kamailio")
    assert one.reason == "as it is"


def test_place_and_reason() -> None:
    source = Source("x", "a=b ; see cfglint: ignore[one]  as agreed \n")
    (suppression,) = comments(source)
    assert suppression == Suppression(place(source, 10, 30), ("one",), 1, "as agreed")
    assert suppression.place.text == "cfglint: ignore[one]"


def test_what_is_suppressed() -> None:
    text = "a ; cfglint: ignore[one]\n; cfglint: ignore[two,one]\nb\nc\n; cfglint: ignore-file[three]\n"
    source, other = Source("x", text), Source("y", text)
    findings = [finding(source, check, line) for line in (1, 3, 4) for check in ("one", "two", "three")]
    kept, unused = apply(findings, {source: "asterisk"})
    assert [(f.check, f.place.start.line) for f in kept] == [("two", 1), ("one", 4), ("two", 4)]
    assert unused == []
    strangers = [finding(other, "one", 1)]
    assert apply(strangers, {source: "asterisk"})[0] == strangers


def test_every_finding_of_a_line_is_suppressed() -> None:
    source = Source("x", "a ; cfglint: ignore[one]\n")
    assert apply([finding(source, "one", 1), finding(source, "one", 1)], {source: "asterisk"}) == ([], [])


def test_a_comment_without_effect_is_a_finding() -> None:
    source = Source("x", "a ; cfglint: ignore[one,two]\nb ; cfglint: ignore[]\n; cfglint: ignore-file[one]\n")
    kept, unused = apply([finding(source, "one", 1)], {source: "asterisk"})
    assert kept == []
    assert [(f.check, f.place.start.line, f.message) for f in unused] == [
        (UNUSED_SUPPRESSION.id, 1, "the comment ignores 'two', which does not occur here"),
        (UNUSED_SUPPRESSION.id, 2, "the comment ignores nothing, which does not occur here"),
        (UNUSED_SUPPRESSION.id, 3, "the comment ignores 'one', which does not occur here"),
    ]


def test_a_comment_without_a_reason_is_a_finding_where_one_is_asked_for() -> None:
    text = "a ; cfglint: ignore[one]\nb ; cfglint: ignore[one] wired\nc ;-- cfglint: ignore[one,two] - --;\n"
    source = Source("x", text)
    findings = [finding(source, "one", line) for line in (1, 2, 3)] + [finding(source, "two", 3)]
    assert apply(findings, {source: "asterisk"}) == ([], [])
    kept, faults = apply(findings, {source: "asterisk"}, require_reasons=True)
    assert kept == []
    assert [(f.check, f.place.start.line, f.message) for f in faults] == [
        (UNEXPLAINED_SUPPRESSION.id, 1, "the comment ignores 'one' and does not say why"),
        (UNEXPLAINED_SUPPRESSION.id, 3, "the comment ignores 'one', 'two' and does not say why"),
    ]


def test_of_a_check_that_did_not_run_nothing_is_said() -> None:
    source = Source("x", "a ; cfglint: ignore[one,two]\n")
    _, unused = apply([], {source: "asterisk"}, lambda source, check: check == "two")
    assert [f.message for f in unused] == ["the comment ignores 'two', which does not occur here"]


def test_a_line_without_end() -> None:
    text = "a=" + "; cfglint: ignore[x " * 10**6
    assert list(comments(Source("x", text))) == []
    assert list(comments(Source("x", "x='" * 10**6 + "cfglint:"), "kamailio")) == []
