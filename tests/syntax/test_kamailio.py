"""Kamailio's language: tokens, trees, repairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark

from cfglint.files import Files
from cfglint.resolve.kamailio.config import Config, load
from cfglint.syntax import tables
from cfglint.syntax.kamailio import faults
from cfglint.syntax.kamailio.faults import message
from cfglint.syntax.kamailio.items import CustomParameter, Listen, LoadModule, ModuleParameter, Parameter, Route
from cfglint.syntax.kamailio.lexer import lexer
from cfglint.syntax.kamailio.nodes import Assignment, Call, CoreTest, If, Return, Switch, walk
from cfglint.syntax.kamailio.precedence import Operation, ordered
from cfglint.syntax.kamailio.tokens import Number, String, number, unquoted

SAMPLE = """#!KAMAILIO
/* a /* nested */ comment */
debug=2; listen=udp:127.0.0.1:5060 advertise "pbx.example.com":5060
alias="example.com"; children=4
sip.proxy = "192.0.2.1" desc "next hop"
flags FLT_A:1, FLT_B;
loadmodule "tm.so"
modparam("tm", "fr_timer", -5)
request_route {
    if (!$avp(x) == 1 && method == "INVITE" || src_ip == 10.0.0.0/8) { route(A); } else if ($rU =~ "^1") exit;
    else { $var(i) = $(ru{uri.user}{s.len}) + 1; }
    switch ($rc) { case 1: case -1: break; case /"^a": exit; default: ; }
    while ($var(i) < 3) $var(i) = $var(i) + 1;
    setflag(FLT_A); force_rport; forward(10.0.0.1, 5070);
    return (f(,"a", 1 << 2)) ;
}
failure_route["to gw"] { t_relay(); }
event_route[tm:local-request] { drop; }
"""


def parsed(tmp_path: Path, text: str, target: Any = (6, 1)) -> Config:
    path = tmp_path / "kamailio.cfg"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return load(str(path), Files(), target)


def route(tmp_path: Path, body: str) -> list[Any]:
    config = parsed(tmp_path, f"request_route {{ {body} }}\n")
    assert config.problems == []
    [found] = config.file.items
    assert isinstance(found, Route)
    return found.block.statements


def shapes(config: Config) -> list[tuple[str, str]]:
    return [(p.shape or p.kind, p.place.text) for p in config.problems]


def test_every_item_of_the_sample_has_its_node(tmp_path: Path) -> None:
    config = parsed(tmp_path, SAMPLE)
    assert config.problems == []
    kinds = [type(item).__name__ for item in config.file.items]
    assert kinds == [
        "Parameter", "Listen", "Alias", "Parameter", "CustomParameter", "FlagList", "LoadModule", "ModuleParameter",
        "Route", "Route", "Route",
    ]  # fmt: skip
    listen = next(item for item in config.file.items if isinstance(item, Listen))
    assert listen.sockets[0].addresses[0].text == "127.0.0.1"
    assert listen.advertise is not None and listen.advertise_port is not None
    assert [r.kind for r in config.file.items if isinstance(r, Route)] == [
        "request_route", "failure_route", "event_route",
    ]  # fmt: skip
    assert [r.name for r in config.file.items if isinstance(r, Route)] == [None, "to gw", "tm:local-request"]


def test_values_of_the_sample(tmp_path: Path) -> None:
    items = {type(item): item for item in parsed(tmp_path, SAMPLE).file.items}
    parameter = items[ModuleParameter]
    assert isinstance(parameter, ModuleParameter)
    assert isinstance(parameter.value, Number)
    assert (parameter.module.value, parameter.name.value, parameter.value.value) == ("tm", "fr_timer", -5)
    custom = items[CustomParameter]
    assert isinstance(custom, CustomParameter)
    assert (custom.group.text, custom.field.text, custom.description and custom.description.value) == (
        "sip", "proxy", "next hop",
    )  # fmt: skip
    assert isinstance(items[LoadModule], LoadModule)
    assert isinstance(items[Parameter], Parameter)


def test_spans_are_those_of_the_text(tmp_path: Path) -> None:
    config = parsed(tmp_path, SAMPLE)
    texts = {type(n).__name__: n.place.text for n in walk(config.file.items) if hasattr(n, "place")}
    assert texts["Switch"].startswith("switch ($rc) {") and texts["Switch"].endswith("}")
    assert texts["While"] == "while ($var(i) < 3) $var(i) = $var(i) + 1"
    assert texts["CoreTest"] == "src_ip == 10.0.0.0/8"


def test_a_chain_of_else_if_is_one_node(tmp_path: Path) -> None:
    [node] = route(tmp_path, "if (1) exit; " + "else if ($a == 2) exit; " * 500 + "else drop;")
    assert isinstance(node, If)
    assert len(node.branches) == 501
    assert isinstance(node.otherwise, Return)


def test_statements_know_their_semicolon(tmp_path: Path) -> None:
    call, assignment = route(tmp_path, "f() ; $a = 1;")
    assert isinstance(call, Call) and isinstance(assignment, Assignment)
    assert call.place.text == "f()"
    assert call.home.source.text[call.start : call.stop] == "f() ;"


def test_cases_keep_their_order_and_fall_through(tmp_path: Path) -> None:
    [switch] = route(tmp_path, 'switch ($rU) { case "a": case /"b": exit; default: break; }')
    assert isinstance(switch, Switch)
    assert [(c.word.text, c.regex, len(c.statements)) for c in switch.cases] == [
        ("case", False, 0),
        ("case", True, 1),
        ("default", False, 1),
    ]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$a || $b && $c", "($a || ($b && $c))"),
        ("1 << 2 == 3", "(1 << (2 == 3))"),
        ("$a < 3 == 1 | 2 & 7 ^ 1", "((($a < 3) == 1) | (2 & (7 ^ 1)))"),
        ("1 + 2 + 3 * 4 - 5", "((1 + 2 + (3 * 4)) - 5)"),
        ("!$a == 1", "(!$a == 1)"),
        ('!method == "x" + "y" and $b', '(![method == ("x" + "y")] && $b)'),
        ("src_ip == 10.0.0.0/8 or uri == myself", "([src_ip == 10.0.0.0/8] || [uri == myself])"),
        ("- -1 - 1", "(--1 - 1)"),
    ],
)
def test_precedence(tmp_path: Path, expression: Any, expected: Any) -> None:
    [statement] = route(tmp_path, f"if {expression} exit;")
    assert shown(statement.branches[0].condition) == expected


def shown(node: Any) -> str:
    node = ordered(node)
    if isinstance(node, Operation):
        return "(" + f" {node.operator} ".join(shown(operand) for operand in node.operands) + ")"
    if isinstance(node, CoreTest):
        return f"[{node.word.text} {node.operator.text} {shown(node.value)}]"
    if hasattr(node, "operators"):
        return "".join(t.text for t in node.operators) + shown(node.operand)
    return str(node.text if hasattr(node, "text") else node.place.text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a\\tb\\"c\\\\"', 'a\tb"c\\'),
        ('"\\d\\1"', "\\d\\1"),
        ('"\\x41\\101\\08"', "AA\\08"),
        ('"a" \n "b"', "ab"),
        ("'a\\tb'", "a\\tb"),
        ('"a\\\nb"', "ab"),
    ],
)
def test_strings(text: Any, value: Any) -> None:
    assert unquoted(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("10", 10), ("017", 15), ("0x1f", 31), ("101b", 5), ("yes", 1), ("off", 0), ("-3", -3)]
)
def test_numbers(text: Any, value: Any) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("request_route { $var(a) = 1\n exit; }\n", [(faults.MISSING, "1")]),
        ("request_route { if ($a == 1 { exit; } }\n", [(faults.MISSING, "1")]),
        ("request_route { { } }\n", [(faults.UNEXPECTED, "{"), (faults.EMPTY_BLOCK, "{ }")]),
        ("request_route { if (1) { } exit; }\n", [(faults.EMPTY_BLOCK, "{ }")]),
        ("request_route {\n exit;\n", [(faults.UNCLOSED_BLOCK, "{")]),
        ("route[A] {\n exit;\nroute[B] { exit; }\n", [(faults.UNCLOSED_BLOCK, "{")]),
        ("request_route { exit; }\n}\nroute[A] { exit; }\n", [(faults.STRAY_BRACE, "}")]),
        ("request_route { exit; };\nelse { exit; }\n", [(faults.UNEXPECTED, "else")]),
        ("request_route { else exit; }\n", [(faults.STRAY_ELSE, "else")]),
        ("xlog(1);\nrequest_route { exit; }\n", [(faults.OUTSIDE_ROUTE, "xlog")]),
        ("fifo=1\nrequest_route { exit; }\n", [(faults.UNKNOWN_PARAMETER, "fifo")]),
        ("request_route { $a += 1; exit; }\n", [(faults.BAD_OPERATOR, "+=")]),
        ("request_route { exit; }\nroute[vrf] { exit; }\n", [(faults.RESERVED_WORD, "vrf")]),
        ('modparam("a", "b", C)\nrequest_route { exit; }\n', [(faults.UNQUOTED_WORD, "C")]),
        ("alias=a\nb.c = 1\nrequest_route { exit; }\n", [(faults.LIST_GOES_ON, "c")]),
        ("request_route { foo( ", [(faults.UNCLOSED_BLOCK, "{")]),
        ('loadmodule "a"\nloadmodule', [(faults.UNFINISHED, "loadmodule")]),
        ("# nothing\n", [("no-statement", "# nothing")]),
    ],
)
def test_repairs(tmp_path: Path, text: Any, expected: Any) -> None:
    assert shapes(parsed(tmp_path, text)) == expected


def test_independent_errors_are_all_reported(tmp_path: Path) -> None:
    text = "route[A] { f(; }\nroute[B] { $a = 1\n f(); }\nroute[C] { exit; }\nroute[D] { if ) exit; }\n"
    config = parsed(tmp_path, text)
    assert len({p.place.start.line for p in config.problems}) == 3
    assert [i.name for i in config.file.items if isinstance(i, Route)] == ["A", "B", "C", "D"]


def test_the_first_brace_whose_partner_belongs_to_another_is_blamed(tmp_path: Path) -> None:
    text = "route[A] {\n    if (1) {\n        exit;\n    exit;\n}\nroute[B] {\n    exit;\n}\n"
    [problem] = parsed(tmp_path, text).problems
    assert problem.place.start.line == 2
    assert [r.place.start.line for r in problem.remarks] == [6]


def test_an_unclosed_string_is_reported_where_it_opens(tmp_path: Path) -> None:
    text = 'request_route {\n    xlog("a);\n    xlog("b");\n    exit;\n}\n'
    [problem] = parsed(tmp_path, text).problems
    assert (problem.shape, problem.place.start.line) == (faults.UNCLOSED_STRING, 2)


def test_nesting_is_bounded(tmp_path: Path) -> None:
    for text in ("{" * 5000, "(" * 5000, "if (1) " * 5000):
        config = parsed(tmp_path, "request_route { if " + text)
        assert config.problems[-1].shape in (faults.TOO_DEEP, faults.TOO_MANY)
        assert len(config.problems) < 60


def test_a_row_of_operators_does_not_nest(tmp_path: Path) -> None:
    [statement] = route(tmp_path, "if " + "!" * 3000 + "$a exit;")
    assert len(statement.branches[0].condition.operators) == 3000


def test_every_shape_has_a_message() -> None:
    names = [v for k, v in vars(faults).items() if k.isupper() and isinstance(v, str)]
    assert len(names) > 10
    for shape in names:
        text = message(shape, "x", ("SEMICOLON",))
        assert text and not text.endswith(".")


def test_a_close_name_is_suggested() -> None:
    assert "$null" in message(faults.UNQUOTED_WORD, "NULL")
    assert message(faults.UNKNOWN_PARAMETER, "childs", (), ("children", "child")).endswith("did you mean 'child'?")


@pytest.mark.parametrize("language", ["kamailio", "kamailio_pv"])
def test_the_saved_tables_fit_the_grammar(language: Any) -> None:
    assert tables._ready(language) is not None, "run python -m cfglint.syntax.tables"


@pytest.mark.parametrize(
    "text", [SAMPLE, 'route { if ((int)"1" ieq ipv4) log(1, "x" "y"); }', "listen=[::1]:0x1f a-b\n"]
)
def test_the_fast_lexer_reads_as_larks_own(text: str) -> None:
    text = text.replace("#!KAMAILIO\n", "").replace("/* a /* nested */ comment */", "/* a */")
    slow = Lark(tables.grammar_text("kamailio"), parser="lalr", start="file", lexer="basic", keep_all_tokens=True)
    own = [token.type for token in slow.lex(text)]
    fast = []
    for match in lexer().token.finditer(text):
        kind, value = match.lastgroup or "", match[match.lastgroup or 0]
        if kind in ("WORD", "LABEL"):
            kind = lexer().words.get(value, "WORD")
        fast.append(lexer().punctuation[value] if kind == "PUNCTUATION" else kind)
    assert [kind for kind in fast if kind != "FINISH"] == own


WORDS = """{ } ( ) [ ] ; , = == ! && || + - * / < . : $ @ % ' " # /* */ // \\ ` é \0 \n $x $(a{s.len}) $x( %f.a @a.b[1]
if else while switch case default exit route request_route failure_route event_route [a:b] modparam loadmodule listen=
alias= 1 foo method uri src_ip myself 10.0.0.1 ::1 "s" setflag forward #!KAMAILIO\n socket name"""


@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=40), st.sampled_from(["", " "]))
def test_no_text_is_too_odd(tmp_path_factory: pytest.TempPathFactory, words: Any, between: Any) -> None:
    path = tmp_path_factory.mktemp("odd") / "kamailio.cfg"
    path.write_text("request_route {" + between.join(words))
    for target in ((5, 4), (6, 1)):
        config = load(str(path), Files(), target)
        for problem in config.problems:
            assert 0 <= problem.place.span.start <= problem.place.span.end <= len(problem.place.source.text)
        assert list(walk(config.file.items)) is not None
        assert all(isinstance(t.value, str) for t in config.tokens if isinstance(t, String))
