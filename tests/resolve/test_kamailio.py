"""Kamailio's preprocessor: defines, conditions, includes, substitutions, and where everything came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cfglint.files import Files
from cfglint.regexes import Budget
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.config import Config, load, refusals
from cfglint.resolve.kamailio.reader import Reader
from cfglint.resolve.kamailio.snexpr import BadExpressionError, evaluate, formatted
from cfglint.resolve.kamailio.substitution import BadRuleError, parse_rule

END = "request_route { exit; }\n"


def read(tmp_path: Path, text: str, target: Any = (6, 1), **more: str) -> Config:
    for name, content in more.items():
        (tmp_path / name.replace("_", ".")).write_text(content)
    path = tmp_path / "kamailio.cfg"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return load(str(path), Files(), target)


def texts(config: Config) -> list[str]:
    return [token.text for token in config.tokens]


def found(config: Config) -> list[tuple[str, str]]:
    return [(p.kind, p.detail) for p in config.problems]


def printed(config: Config) -> list[str]:
    return ["".join(h.source.text[p.start : p.end] for p in config.pieces(h)) for h in config.homes]


# ------------------------------------------------------------------------------------------------------------ defining


def test_a_define_may_hold_statements_and_runs_into_what_follows(tmp_path: Path) -> None:
    config = read(
        tmp_path, '#!define BLOCK { exit; \n#!define OPEN "a\nrequest_route BLOCK }\nroute[A] { f(OPEN b"); }\n'
    )
    assert config.problems == []
    assert '"a b"' in texts(config)


def test_a_comment_in_a_value_hides_the_rest_of_the_line_that_uses_it(tmp_path: Path) -> None:
    config = read(tmp_path, "#!define STOP exit; # done\nrequest_route { STOP broken (\n}\n")
    assert config.problems == []
    assert texts(config) == ["request_route", "{", "exit", ";", "}"]


def test_continued_lines_and_the_backslash_that_is_the_first_character(tmp_path: Path) -> None:
    config = read(tmp_path, "#!define A exit; \\\n  drop;\nrequest_route { A }\n")
    assert texts(config)[2:6] == ["exit", ";", "drop", ";"]
    assert config.defines["A"].value == "exit;   drop;"
    assert read(tmp_path, "#!define A \\\n" + END).defines["A"].value == "\\"


def test_a_token_from_a_define_knows_its_place_and_its_use(tmp_path: Path) -> None:
    config = read(tmp_path, "#!define INNER exit\n#!define OUTER INNER;\nrequest_route { OUTER }\n")
    token = next(t for t in config.tokens if t.text == "exit")
    assert token.place.text == "OUTER"
    expansion = token.home.expansion
    assert expansion is not None and expansion.place is not None and expansion.outer is not None
    assert (expansion.definition.name, expansion.place.start) == ("INNER", (1, 16))
    assert expansion.outer.place is not None and expansion.outer.place.start == (2, 16)


def test_words_that_are_reserved_are_not_replaced(tmp_path: Path) -> None:
    config = read(tmp_path, "#!define port 1\nport=5060\n" + END)
    assert found(config) == [(kinds.RESERVED_DEFINE, "port")]
    assert texts(config)[:3] == ["port", "=", "5060"]


@pytest.mark.parametrize(
    ("lines", "value", "problem"),
    [
        ("#!define A 1\n#!define A 2\n", "1", kinds.REDEFINED),
        ("#!define A 1\n#!trydef A 2\n", "1", None),
        ("#!define A 1\n#!redefine A 2\n", "2", None),
        ("!!def A 1\n", "1", None),
        ("#!defexp A 1 + 2 * 3\n", "7", None),
        ('#!defexps A "x" + 1\n', '"x1"', None),
        ('#!substdef "!A!7!g"\n', "7", None),
        ('#!substdefs "!A!b c!g"\n', '"b c"', None),
        ("#!define A\n", None, None),
        ("#!define A-B 1\n", "B 1", kinds.NAME_WITH_DASH),
    ],
)
def test_ways_to_define(tmp_path: Path, lines: Any, value: Any, problem: Any) -> None:
    config = read(tmp_path, lines + END)
    assert config.defines["A"].value == value
    assert [p.kind for p in config.problems] == ([problem] if problem else [])


def test_more_names_than_the_server_holds(tmp_path: Path) -> None:
    config = read(tmp_path, "".join(f"#!define A{i}\n" for i in range(600)) + END)
    assert {p.kind for p in config.problems} == {kinds.TOO_MANY_DEFINES}
    assert len(config.defines) == 512


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("#!define A A\nrequest_route { A; }\n", kinds.EXPANSION_LOOP),
        ("#!define A B B\n#!define B A\nrequest_route { A; }\n", kinds.EXPANSION_LOOP),
        (
            "".join(f"#!define A{i} A{i + 1} A{i + 1}\n" for i in range(40)) + "#!define A40 ;\nrequest_route { A0 }\n",
            kinds.EXPANSION_TOO_LARGE,
        ),
    ],
)
def test_expansion_is_bounded(tmp_path: Path, lines: Any, kind: Any) -> None:
    config = read(tmp_path, lines)
    assert kind in {p.kind for p in config.problems}
    assert len(config.tokens) < 300_000


def test_names_of_the_server_the_command_line_and_the_modules(tmp_path: Path) -> None:
    path = tmp_path / "kamailio.cfg"
    lines = ("KAMAILIO_5_6", "MOD_tm", "FROM_OUTSIDE")
    path.write_text('loadmodule "x/tm.so"\n' + "".join(f"#!ifndef {n}\nbroken\n#!endif\n" for n in lines) + END)
    assert load(str(path), Files(), (5, 6), arguments={"FROM_OUTSIDE": None}).problems == []
    assert load(str(path), Files(), (5, 7), arguments={"FROM_OUTSIDE": None}).problems != []


# ---------------------------------------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("lines", "live"),
    [
        ("#!ifdef A\none;\n#!else\ntwo;\n#!endif\n", ["two"]),
        ("#!define A\n#!ifdef A\none;\n#!else\ntwo;\n#!endif\n", ["one"]),
        ("#!ifndef A # why\none;\n#!endif\n", ["one"]),
        ("#!ifdef A\n/* #!endif\n*/\none;\n", ["one"]),
        ("#!ifdef A\n#!ifdef B\n#!endif\none;\n#!endif\ntwo;\n", ["two"]),
        ("#!define V 3\n#!ifexp V > 2 && !W\none;\n#!endif\n", ["one"]),
        ("one; #!ifdef A\ntwo;\n#!endif\nthree;\n", ["one", "three"]),
        ("#!ifdef A\n#!else\none;\n#!endif \t\n", ["one"]),
    ],
)
def test_conditions(tmp_path: Path, lines: Any, live: Any) -> None:
    config = read(tmp_path, lines)
    assert [t for t in texts(config) if t.isidentifier()] == live


@pytest.mark.parametrize(
    ("text", "kind", "aborts"),
    [
        ("#!ifdef A\n#!endif\n#!endif\n" + END, kinds.STRAY_ENDIF, True),
        (END + "#!ifndef A\n", kinds.UNCLOSED_CONDITION, True),
        (END + "#!ifndef A\n#!endif", kinds.UNCLOSED_CONDITION, True),
        ("#!endif\n" + END + "#!ifndef A\n", kinds.UNCLOSED_CONDITION, False),
        ("#!else\n" + END, kinds.STRAY_ELSE_DIRECTIVE, False),
        ("#!ifdef A\n#!else\n#!else\n#!endif\n" + END, kinds.REPEATED_ELSE, False),
        ("#!endif # A\n" + END, kinds.TEXT_BEHIND_DIRECTIVE, False),
        ("#!undef A\n" + END, kinds.UNKNOWN_DIRECTIVE, False),
        ("#!KAMAILIO \n" + END, kinds.ODD_MODE_LINE, False),
    ],
)
def test_directives_that_go_wrong(tmp_path: Path, text: Any, kind: Any, aborts: Any) -> None:
    config = read(tmp_path, text)
    assert kind in {p.kind for p in config.problems}
    assert (config.aborted is not None) == aborts


def test_an_ifexp_is_a_comment_before_5_7(tmp_path: Path) -> None:
    text = "#!ifexp 0\nbroken\n#!endif\n" + END
    assert read(tmp_path, text, (5, 7)).problems == []
    assert kinds.STRAY_ENDIF in {p.kind for p in read(tmp_path, text, (5, 6)).problems}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("2 ** 3 ** 2", "512"),
        ("7 / 2", "3"),
        ("(1 + 2) * 3 == 9", "1"),
        ("1 | 2 ^ 2", "1"),
        ('NAME == "text"', "1"),
        ("NAME + 1", "text1"),
        ("MISSING || GIVEN", "1"),
        ("-2 + 3", "1"),
        ("!GIVEN", "0"),
        ("2 > '10'", "0"),
    ],
)
def test_expressions(expression: Any, value: Any) -> None:
    names: dict[str, str | int] = {"NAME": "text", "GIVEN": 1}
    assert formatted(evaluate(expression, lambda name: names.get(name, 0))) == value


@pytest.mark.parametrize(
    "expression", ["1 +", "(1", "1 / 0", "'a' - 1", "1 2", "f(1)", "(" * 500 + "1", "9" + "**9" * 300]
)
def test_expressions_that_have_no_value(expression: Any) -> None:
    with pytest.raises(BadExpressionError):
        evaluate(expression, lambda name: 0)


# ------------------------------------------------------------------------------------------------------- substitutions


def test_substitutions_change_strings_and_variables_but_no_names(tmp_path: Path) -> None:
    text = '#!subst "/HOST/example.com/"\nrequest_route { HOST("sip:HOST", \'HOST\', $avp(HOST)); }\n'
    config = read(tmp_path, text)
    assert texts(config)[4:11] == ["HOST", "(", '"sip:example.com"', ",", '"example.com"', ",", "$avp(example.com)"]


@pytest.mark.parametrize("rule", ["/a", "/a/b", "/a/b/x", "\\a\\b\\", "/(/b/", "//"])
def test_rules_that_are_none(rule: Any) -> None:
    with pytest.raises(BadRuleError):
        parse_rule(rule)


def test_a_rule_with_groups_and_flags() -> None:
    assert parse_rule("!(A)-(b)!\\2-\\1!gi").apply("a-b A-B", Budget()) == "b-a B-A"


def test_an_expression_that_could_take_for_ever_is_not_run(tmp_path: Path) -> None:
    text = '#!subst "/(a+)+$/b/"\nrequest_route { xlog("' + "a" * 60 + '!"); }\n'
    config = read(tmp_path, text)
    assert config.incomplete and config.problems == []


# ------------------------------------------------------------------------------------------------------------ includes


def test_includes_anywhere_with_their_chain(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        'request_route {\n#!include_file "a.cfg"\n}\nimport_file "missing.cfg"\n',
        a_cfg='include_file "b.cfg"\n',
        b_cfg="exit;\n",
    )
    assert config.problems == []
    token = next(t for t in config.tokens if t.text == "exit")
    assert [place.text for place in token.home.chain] == ['"a.cfg"', '"b.cfg"']
    assert [(i.name, i.source is not None, i.optional) for i in config.includes] == [
        ("a.cfg", True, False),
        ("b.cfg", True, False),
        ("missing.cfg", False, True),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('include_file "none.cfg"', kinds.INCLUDE_NOT_FOUND),
        ("include_file 'a.cfg'", kinds.BAD_INCLUDE_NAME),
        ('include_file "a.cfg";', kinds.BAD_INCLUDE_NAME),
        (f'include_file "{"x" * 130}"', kinds.BAD_INCLUDE_NAME),
        ('include_file "kamailio.cfg"', kinds.INCLUDE_CYCLE),
        ('import_file "."', None),
    ],
)
def test_includes_that_go_wrong(tmp_path: Path, line: Any, kind: Any) -> None:
    config = read(tmp_path, line + "\n" + END)
    assert [p.kind for p in config.problems] == ([kind] if kind else [])


def test_includes_nest_ten_levels_and_no_more(tmp_path: Path) -> None:
    for level in range(12):
        (tmp_path / f"l{level}.cfg").write_text(f'import_file "l{level + 1}.cfg"\n')
    config = read(tmp_path, 'include_file "l0.cfg"\n' + END)
    assert found(config) == [(kinds.INCLUDE_TOO_DEEP, "l10.cfg")]


@pytest.mark.parametrize("prefix", ["", "/usr/local"])
def test_an_installed_path_is_read_from_the_tree(tmp_path: Path, prefix: str) -> None:
    """Built from source it lies in /usr/local/etc/kamailio."""
    config = read(tmp_path, f'include_file "{prefix}/etc/kamailio/a.cfg"\n', a_cfg=END)
    assert config.problems == []


# ------------------------------------------------------------------------------------------------------ the whole thing


def test_characters_that_mean_nothing_are_dropped(tmp_path: Path) -> None:
    config = read(tmp_path, "request_route { exit“”; ? }\n")
    assert found(config) == [(kinds.DROPPED_TEXT, "“”"), (kinds.DROPPED_TEXT, "?")]
    assert config.aborted is None


def test_an_unclosed_comment_only_counts_when_something_is_missing(tmp_path: Path) -> None:
    assert read(tmp_path, END + "/* a\n").aborted is None
    config = read(tmp_path, "request_route { exit; /* a\n}\n")
    assert [p.kind for p in config.problems] == [kinds.UNCLOSED_COMMENT]
    assert config.aborted is not None


def test_dollar_names_by_mode(tmp_path: Path) -> None:
    assert [t.type for t in read(tmp_path, "route { $f.a = $b[1]; }\n").tokens if "$" in t.text] == ["ATTRIBUTE"] * 2
    strict = read(tmp_path, "#!KAMAILIO\nroute { $f = $b; }\n")
    assert [t.type for t in strict.tokens if "$" in t.text] == ["PV"] * 2
    assert strict.mode == "KAMAILIO"


def test_without_a_target_the_newest_version_that_accepts_it_counts(tmp_path: Path) -> None:
    config = read(tmp_path, "request_route { exit; }\nroute[VRF] { exit; }\n", None)
    assert (config.target, config.problems) == ((6, 0), [])
    assert list(refusals(str(tmp_path / "kamailio.cfg"), Files())) == [(6, 1)]


@pytest.mark.parametrize(("text", "readings"), [(END, 1), ("route[VRF] { exit; }\n", 2), ("broken", 1)])
def test_versions_that_read_alike_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: Any, readings: Any
) -> None:
    count: list[str] = []
    whole = Reader.read

    def counted(self: Reader, path: str) -> None:
        count.append(path)
        whole(self, path)

    monkeypatch.setattr(Reader, "read", counted)
    (tmp_path / "kamailio.cfg").write_text(text)
    refusals(str(tmp_path / "kamailio.cfg"), Files())
    assert len(count) == readings


def test_a_route_defined_twice(tmp_path: Path) -> None:
    config = read(tmp_path, "route[A] { exit; }\nroute[A] { exit; }\nfailure_route[A] { exit; }\n")
    assert found(config) == [(kinds.DUPLICATE_ROUTE, "A")]


LINES = """#!define A 1|#!define B A \\
 c|#!ifdef A|#!ifndef C # x|#!else|#!endif|#!endif #|A B|request_route {|}|exit;|"a|/* A */|/* | */|# c|#!KAMAILIO|
import_file "a.cfg"|#!subst "/a/b/"|#!substdef "/D/x \\" y/"|D|`\0é|\r|#!ifexp A == 1|#!define|
#!ifdef |$x(|'|
event_route [ 'a:b' ] {|#!trydefine A|#!defenv HOME|!!ifdef B|include_file 'x'"""


@given(st.lists(st.sampled_from(LINES.split("|")), max_size=30), st.sampled_from([(5, 4), (5, 6), (6, 1)]))
def test_every_file_prints_back(tmp_path_factory: pytest.TempPathFactory, lines: Any, target: Any) -> None:
    folder = tmp_path_factory.mktemp("round")
    (folder / "a.cfg").write_text("exit; A\n")
    path = folder / "kamailio.cfg"
    path.write_bytes("\n".join(lines).encode())
    config = load(str(path), Files(), target)
    assert printed(config) == [home.source.text for home in config.homes]


@given(st.binary(max_size=300))
def test_any_bytes_print_back(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    path = tmp_path_factory.mktemp("bytes") / "kamailio.cfg"
    path.write_bytes(data)
    config = load(str(path), Files())
    assert printed(config) == [home.source.text for home in config.homes]
