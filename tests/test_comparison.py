from __future__ import annotations

from cfglint.comparison import beyond
from cfglint.findings import Finding
from cfglint.source import Source, place


def findings(text: str, path: str = "sip.conf") -> list[Finding]:
    """One at each line that holds an equals sign: the check before it, the line as message."""
    source = Source(path, text)
    found = []
    for at, line in zip(source.line_starts, text.split("\n"), strict=True):
        check, equals, value = line.partition("=")
        if equals:
            found.append(Finding(check, "error", "load", value.partition(";")[0], place(source, at, at + len(line))))
    return found


def news(before: list[Finding], after: list[Finding]) -> list[tuple[str, int]]:
    return [(f.check, f.place.start.line) for f in beyond(before, after)]


def test_moved_lines_are_no_news() -> None:
    assert news(findings("[x]\na=1\nb=2\n"), findings("; new\n[x]\nb=2\n\na=1\n")) == []


def test_what_occurs_more_often() -> None:
    assert news(findings("[x]\na=1\n"), findings("[x]\na=1\na=1\n")) == [("a", 3)]
    assert news(findings("[x]\na=1\na=1\n"), findings("[x]\na=1\n")) == []


def test_an_edited_line_with_the_same_defect_is_no_news() -> None:
    assert news(findings("[x]\na=1\n"), findings("[x]\na=1;because\n")) == []
    assert news(findings("[x]\na=1\n"), findings("[x]\na=2\n")) == [("a", 2)]


def test_moved_to_another_file() -> None:
    assert news(findings("[x]\na=1\n"), findings("[x]\na=1\n", "other.conf")) == []
    both = [*findings("[x]\na=1\n"), *findings("[x]\na=1\n", "other.conf")]
    assert news(findings("[x]\na=1\n"), both) == [("a", 2)]


def test_the_surest_way_goes_first() -> None:
    """A new finding does not take the place of an old one that is still there."""
    before = findings("[x]\na=1\n")
    after = [*findings("[x]\na=1\n", "other.conf"), *findings("[x]\na=1\n")]
    assert [f.place.source.path for f in beyond(before, after)] == ["other.conf"]
