"""What the server's loader makes of files: sections, inheritance, includes, and where it gives up."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.resolve import asterisk
from cfglint.resolve.asterisk import ABORTS, IGNORED, TRUNCATES, Config, Section, folded, loading
from cfglint.resolve.asterisk.loading import load
from cfglint.syntax import asterisk as syntax
from tests.support import write_tree


def read(
    tmp_path: Path, text: str, *, exec_includes: bool = False, overlays: dict[str, str] | None = None, **others: str
) -> Config:
    """Load a root; `others` are files beside it, ``__`` standing for a dot."""
    write_tree(tmp_path, {"root.conf": text, **{name.replace("__", "."): content for name, content in others.items()}})
    files = Files({str(tmp_path / name): content for name, content in (overlays or {}).items()})
    return load(str(tmp_path / "root.conf"), files, exec_includes=exec_includes)


def sections(config: Config) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(s.name, [(o.key, o.value) for o in s.options]) for s in config.sections]


def only(config: Config, name: str) -> Section:
    (section,) = config.named(name)
    return section


def problems(config: Config) -> list[tuple[str, str, str]]:
    return [(p.kind, p.effect, p.place.text) for p in config.problems]


# ------------------------------------------------------------------------------------------------------------- options


def test_sections_of_one_name_stay_apart(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n[b]\n[A]\nx=2\n")
    assert sections(config) == [("a", [("x", "1")]), ("b", []), ("A", [("x", "2")])]
    assert [s.name for s in config.named("a")] == ["a", "A"]


def test_where_an_option_stands(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\r\n  Host = 10.0.0.1 , x ; note\r\n")
    option = only(config, "a").options[0]
    assert (option.name, option.key, option.value) == ("host", "Host", "10.0.0.1 , x")
    assert (option.key_place.text, option.value_place.text) == ("Host", "10.0.0.1 , x")
    assert option.place.text == "Host = 10.0.0.1 , x"
    assert option.line_place.text == "  Host = 10.0.0.1 , x ; note\r\n"
    assert option.part_place(11, 12).text == "x"
    assert option.place.start == (2, 3)


def test_a_part_of_a_value_that_is_not_written_so(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\\;2\ny=;--n--;3\n")
    first, second = only(config, "a").options
    assert (first.value, first.part_place(0, 1).text) == ("1;2", "1\\;2")
    assert (second.value, second.part_place(0, 1).text) == ("3", "3")


def test_lookup_in_a_section(tmp_path: Path) -> None:
    section = only(read(tmp_path, "[a]\nx=1\nX=2\ny=3\n"), "a")
    assert [o.value for o in section.all("x")] == ["1", "2"]
    first, last = section.first("x"), section.last("x")
    assert first is not None
    assert last is not None
    assert (first.value, last.value) == ("1", "2")
    assert section.first("z") is section.last("z") is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("allow=ulaw\nallow+=,alaw\n", [("allow", "ulaw,alaw")]),
        ("allow=ulaw\nallow += ,alaw\n", [("allow", "ulaw ,alaw")]),
        ("allow+=alaw\n", [("allow", "alaw")]),
        ("Allow=ulaw\nallow+=,alaw\n", [("Allow", "ulaw"), ("allow", ",alaw")]),
        ("allow=a\nallow=b\nallow+=c\n", [("allow", "a"), ("allow", "bc")]),
        ("allow=a\nallow=a\nallow+=c\n", [("allow", "ac"), ("allow", "a")]),
    ],
)
def test_appending_to_a_variable(tmp_path: Path, lines: str, expected: list[tuple[str, str]]) -> None:
    assert sections(read(tmp_path, f"[a]\n{lines}")) == [("a", expected)]


def test_appending_to_an_inherited_variable_leaves_the_template_alone(tmp_path: Path) -> None:
    config = read(tmp_path, "[t](!)\nallow=ulaw\n[a](t)\nallow+=,alaw\n")
    assert sections(config) == [("t", [("allow", "ulaw")]), ("a", [("allow", "ulaw,alaw")])]


# --------------------------------------------------------------------------------------------------------- inheritance


def test_inherited_options_come_first_and_know_their_home(tmp_path: Path) -> None:
    config = read(tmp_path, "[t](!)\nx=1\n[u](!,t)\ny=2\n[a](u)\nx=3\n")
    a = only(config, "a")
    assert [(o.name, o.value, o.home.name) for o in a.options] == [("x", "1", "t"), ("y", "2", "u"), ("x", "3", "a")]
    assert [base.name for base in a.bases] == ["u"]
    assert [s.template for s in config.sections] == [True, True, False]
    assert config.problems == []


def test_a_base_is_copied_as_it_is_at_that_point(tmp_path: Path) -> None:
    config = read(tmp_path, "[t](!)\nx=1\n[a](t)\n[t](+)\ny=2\n[b](T)\n[t2](!)\n")
    assert sections(config)[1] == ("a", [("x", "1")])
    assert [p[0] for p in problems(config)] == [asterisk.UNKNOWN_TARGET], "a plain (+) passes over templates"


def test_the_first_section_of_a_name_is_the_base(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n[a]\nx=2\n[b](a)\n")
    assert sections(config)[2] == ("b", [("x", "1")])


def test_appending_to_a_section(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n[b]\n[A](+)\ny=2\n")
    assert sections(config) == [("a", [("x", "1"), ("y", "2")]), ("b", [])]
    assert only(config, "a").options[1].home is only(config, "a")


@pytest.mark.parametrize(
    ("items", "appended_to"),
    [
        ("+", "a"),
        ("+x=2", "a2"),
        ("+x=^[12]$", "a"),
        ("+x=1&y=1", None),
        ("+x=2&y=1", "a2"),
        ("+TEMPLATES=include", "t"),
        ("+TEMPLATES=restrict", "t"),
        ("+TEMPLATES=restrict&x=1", None),
        ("+x", None),
        ("+x=[", None),
        ("+x=" + "a*" * 9, "a"),
        ("+x={99999999999}", None),
    ],
)
def test_filters(tmp_path: Path, items: str, appended_to: str | None) -> None:
    config = read(tmp_path, f"[a](!)\nname=t\n[a]\nname=a\nx=1\n[a]\nname=a2\nx=2\ny=1\n[a]({items})\nnew=1\n")
    homes = [section.options[0].value for section in config.sections if section.last("new") and section.first("name")]
    assert homes == ([appended_to] if appended_to else [])
    assert (config.aborted is None) == (appended_to is not None)


@pytest.mark.parametrize("pattern", ["a*" * 9 + "b", "a?" * 50 + "b", "[ab]*" * 9 + "c"])
def test_a_filter_that_could_take_hours_is_not_tried(tmp_path: Path, pattern: str) -> None:
    config = read(tmp_path, f"[a]\nx={'a' * 200}\n[a](+x={pattern})\nnew=1\n")
    assert [(p.kind, p.effect) for p in config.problems] == [(asterisk.TOO_LARGE, IGNORED)]
    assert [section.incomplete for section in config.sections] == [False, True]


@pytest.mark.parametrize(
    "text",
    ["[a](!)\n" * 20_000 + "[a](+)\n" * 20_000, "[a]\n" + "b=1\n" * 20_000 + "c+=1\n" * 20_000],
)
def test_what_every_line_looks_for_among_all_others_has_an_end(tmp_path: Path, text: str) -> None:
    config = read(tmp_path, text)
    assert [p.kind for p in config.problems if p.effect == IGNORED] == [asterisk.TOO_LARGE]
    assert config.incomplete


def test_what_cannot_be_inherited(tmp_path: Path) -> None:
    config = read(tmp_path, "[a](nosuch)\nx=1\n[b]( a)\n[c](d)\n[d]\n")
    assert problems(config) == [
        (asterisk.UNKNOWN_BASE, ABORTS, "nosuch"),
        (asterisk.UNKNOWN_BASE, ABORTS, " a"),
        (asterisk.UNKNOWN_BASE, ABORTS, "d"),
    ]
    assert config.aborted is config.problems[0]
    assert only(config, "a").incomplete
    assert sections(config)[0] == ("a", [("x", "1")]), "reading goes on"


def test_an_empty_item_is_the_first_section_of_all(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n[b]()\n")
    assert sections(config)[1] == ("b", [("x", "1")])
    assert problems(config) == [(asterisk.EMPTY_BASE, IGNORED, "")]


def test_a_blank_before_the_parenthesis(tmp_path: Path) -> None:
    config = read(tmp_path, "[t](!)\nx=1\n[a] (t)\n")
    assert sections(config)[1] == ("a", [])
    assert problems(config) == [(asterisk.DETACHED_OPTIONS, IGNORED, " ")]


def test_an_incomplete_base_makes_an_incomplete_section(tmp_path: Path) -> None:
    config = read(tmp_path, "[a](nosuch)\n[b](a)\n[c]\n")
    assert [s.incomplete for s in config.sections] == [True, True, False]


# -------------------------------------------------------------------------------------------------------- broken lines


def test_broken_lines_of_a_root(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nhost dynamic\n=x\n\\ y=1\n[b\n[c](d\nz=1\n")
    assert problems(config) == [
        (syntax.NO_EQUALS, IGNORED, "host dynamic"),
        (syntax.NO_KEY, IGNORED, "=x"),
        (syntax.BAD_ESCAPE, ABORTS, "\\ "),
        (syntax.NO_CLOSING_BRACKET, ABORTS, "[b"),
        (syntax.NO_CLOSING_PAREN, ABORTS, "(d"),
    ]
    assert sections(config) == [("a", [("z", "1")])]


def test_a_line_before_any_section(tmp_path: Path) -> None:
    config = read(tmp_path, "; note\n\nx=1\ny=2\n[a]\nz=3\n")
    assert problems(config) == [(asterisk.NO_CATEGORY, ABORTS, "x=1")]
    assert sections(config) == [("a", [("z", "3")])]


@pytest.mark.parametrize("text", ["x=1", "x", "x=1 ;-- y --;\n[a]", "\\"])
def test_a_last_line_before_any_section(tmp_path: Path, text: str) -> None:
    assert [(p.kind, p.effect) for p in read(tmp_path, text).problems] == [(asterisk.NO_CATEGORY, ABORTS)]


def test_a_long_line_is_skipped(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=" + "y" * 9000 + "\nz=1\n")
    assert sections(config) == [("a", [("z", "1")])]
    ((kind, effect, text),) = problems(config)
    assert (kind, effect, len(text)) == (syntax.TOO_LONG, IGNORED, 32)


def test_a_long_line_before_any_section(tmp_path: Path) -> None:
    assert [p[:2] for p in problems(read(tmp_path, "x=" + "y" * 9000 + "\n[a]\n"))] == [(syntax.TOO_LONG, IGNORED)]


def test_comments_left_open(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1 ;-- note\ny=2\n;-- --;\n")
    assert sections(config) == [("a", [("x", "1")])]
    assert problems(config) == [(asterisk.OPEN_COMMENT, IGNORED, ";--")]
    assert config.problems[0].place.start == (2, 5)


def test_a_comment_closed_without_being_open(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n; note\n--;\ny=2\n")
    assert sections(config) == [("a", [("x", "1")])]
    assert (asterisk.STRAY_CLOSE, IGNORED, "--;") in problems(config)


# ------------------------------------------------------------------------------------------------------------ includes


def test_an_included_file_goes_on_in_the_current_section(tmp_path: Path) -> None:
    config = read(
        tmp_path, "[a]\n#include one.conf\nz=1\n#include two.conf\n", one__conf="x=1\n[b]\ny=1\n", two__conf="w=1\n"
    )
    assert sections(config) == [("a", [("x", "1"), ("z", "1")]), ("b", [("y", "1"), ("w", "1")])]
    assert config.problems == []
    assert [Path(source.path).name for source in config.files] == ["root.conf", "one.conf", "two.conf"]
    assert set(config.trees) == set(config.files)


def test_patterns_quotes_and_installed_paths(tmp_path: Path) -> None:
    write_tree(tmp_path, {"d/2.conf": "[two]\n", "d/1.conf": "[one]\n", "d/.0.conf": "[zero]\n", "d e.conf": "[de]\n"})
    config = read(tmp_path, '#include d/*.conf\n#include "d e.conf"\n#include </etc/asterisk/d/1.conf>\n')
    assert [s.name for s in config.sections] == ["one", "two", "de", "one"]
    other = load(str(tmp_path / "root.conf"), Files(), installed_at="/opt/a/")
    assert [s.name for s in other.sections] == ["one", "two", "de"]
    write_tree(tmp_path, {"root.conf": "#include /opt/a/d/1.conf\n"})
    assert [s.name for s in load(str(tmp_path / "root.conf"), Files(), installed_at="/opt/a").sections] == ["one"]


def test_includes_start_at_the_roots_directory(tmp_path: Path) -> None:
    write_tree(tmp_path, {"d/1.conf": "#include 2.conf\n", "d/2.conf": "[wrong]\n", "2.conf": "[right]\n"})
    assert [s.name for s in read(tmp_path, "#include d/1.conf\n").sections] == ["right"]


def test_an_include_that_is_not_there(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\n#include nosuch.conf\n#tryinclude nosuch.conf\n#include d/*.conf\nx=1\n")
    assert problems(config) == [
        (asterisk.NOT_FOUND, ABORTS, "nosuch.conf"),
        (asterisk.NOT_FOUND, ABORTS, "d/*.conf"),
    ]
    assert config.incomplete
    assert sections(config) == [("a", [("x", "1")])]


def test_an_include_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.conf").mkdir()
    config = read(tmp_path, "[a]\n#include folder.conf\n#include f*.conf\n", found__conf="x=1\n")
    assert problems(config) == [(asterisk.NOT_FOUND, ABORTS, "folder.conf")]
    assert sections(config) == [("a", [("x", "1")])]


def test_an_include_that_cannot_be_read(tmp_path: Path) -> None:
    with open(tmp_path / "large.conf", "wb") as stream:
        stream.truncate(2**40)
    config = read(tmp_path, "[a]\n#include large.conf\nx=1\n")
    assert [(p.kind, p.effect) for p in config.problems] == [(asterisk.UNREADABLE, IGNORED)]
    assert config.problems[0].detail.startswith("is larger than")
    assert config.incomplete


def test_a_broken_included_file_is_cut_off_there(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\n#include one.conf\ny=1\n", one__conf="x=1\n[b](nosuch)\nz=1\n[c]\n")
    assert sections(config) == [("a", [("x", "1"), ("y", "1")])]
    assert problems(config) == [(asterisk.UNKNOWN_BASE, TRUNCATES, "nosuch")]
    assert config.aborted is None


def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    config = read(tmp_path, "[a]\nx=1\n#include root.conf\n")
    assert [(p.kind, p.effect) for p in config.problems] == [(asterisk.TOO_DEEP, TRUNCATES)]
    assert len(config.sections) == loading.MAX_DEPTH + 1
    assert len(config.files) == 1


def test_a_circle_of_includes(tmp_path: Path) -> None:
    config = read(
        tmp_path, "[a]\n#include one.conf\n", one__conf="#include two.conf\n", two__conf="#include one.conf\n"
    )
    assert [(p.kind, p.effect, Path(p.place.source.path).name) for p in config.problems] == [
        (asterisk.TOO_DEEP, TRUNCATES, "two.conf")
    ]


def test_ten_thousand_includes(tmp_path: Path) -> None:
    write_tree(tmp_path, {f"d/{n}.conf": f"[{n}]\nx={n}\n" for n in range(1000)})
    config = read(tmp_path, "".join(f"#include d/{n % 1000}.conf\n" for n in range(10_000)))
    assert config.problems == []
    assert len(config.sections) == 10_000
    assert len(config.files) == 1001


def test_includes_that_multiply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_LOADS", 1000)
    config = read(tmp_path, "[a]\n#include one.conf\n", one__conf="#tryinclude one.conf\n" * 100)
    assert [(p.kind, p.effect) for p in config.problems] == [(asterisk.TOO_LARGE, IGNORED)]
    assert config.incomplete


def test_patterns_that_look_at_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MAX_NAMES", 100)
    config = read(tmp_path, "[a]\n#include /*/*/*/*\nx=1\n#include {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}\n")
    assert [(p.kind, p.effect) for p in config.problems] == [(asterisk.TOO_LARGE, IGNORED)]
    assert config.incomplete
    assert sections(config) == [("a", [("x", "1")])]


def test_comments_run_on_through_the_files_of_one_pattern(tmp_path: Path) -> None:
    config = read(tmp_path, "#include *.inc\n[z]\n", a__inc="[a]\n;--\n", b__inc="[b]\n--;[c]\n", d__inc="\ufeff[d]\n")
    assert [s.name for s in config.sections] == ["a", "c", "z"]
    assert [p.kind for p in config.problems] == [
        asterisk.OPEN_COMMENT,
        asterisk.IN_COMMENT,
        asterisk.LATE_BOM,
        syntax.NO_EQUALS,
    ]


def test_an_overlay_of_a_new_file_is_included(tmp_path: Path) -> None:
    config = read(
        tmp_path, "#include d/*.conf\n#include new.conf\n", overlays={"d/x.conf": "[x]\n", "new.conf": "[y]\n"}
    )
    assert [s.name for s in config.sections] == ["x", "y"]
    assert config.problems == []


@pytest.mark.parametrize(
    ("line", "kind", "covered"),
    [
        ("# include x", asterisk.UNKNOWN_DIRECTIVE, "#"),
        ("#includ x", asterisk.UNKNOWN_DIRECTIVE, "#includ"),
        ("#include", asterisk.NO_ARGUMENT, "#include"),
        ("#INCLUDE ; x", asterisk.NO_ARGUMENT, "#INCLUDE"),
        ("#exec /bin/x", asterisk.EXEC, "#exec"),
    ],
)
def test_directives_without_effect(tmp_path: Path, line: str, kind: str, covered: str) -> None:
    config = read(tmp_path, f"[a]\n{line}\nx=1\n")
    assert problems(config) == [(kind, IGNORED, covered)]
    assert sections(config) == [("a", [("x", "1")])]
    assert not config.incomplete


def test_exec_is_never_run_and_makes_the_rest_unknown(tmp_path: Path) -> None:
    config = read(tmp_path, f"[a]\n#exec touch {tmp_path}/made\n", exec_includes=True)
    assert [(p.kind, p.detail) for p in config.problems] == [(asterisk.EXEC, "enabled")]
    assert config.incomplete
    assert not (tmp_path / "made").exists()


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="there is no such file"):
        load(str(tmp_path / "nosuch.conf"), Files())


@pytest.mark.parametrize(
    ("name", "expected"), [("AbC", "abc"), ("ÄB", "Äb"), ("İ", "İ"), ("\u212a", "\u212a"), ("a-1", "a-1")]
)
def test_only_letters_of_ascii_have_a_case(name: str, expected: str) -> None:
    assert folded(name) == expected
